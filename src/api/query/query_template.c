#include "api/query/query_template.h"

#include "base/cleanup.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz_"
#define LIST_BEGIN "ANY ("
#define LIST_END "::text[])"

enum { PART_DEPTH = 4 };

_Static_assert(QUERY_PARAMETERS <= 64, "There is a bit for each parameter.");

enum piece_kind { PIECE_TEXT, PIECE_PARAMETER, PIECE_LIST };

struct query_piece {
	enum piece_kind kind;
	uint64_t needs; /* parameters that must have a value: bits */
	const char *text;
	size_t length;	  /* PIECE_TEXT */
	size_t parameter; /* else */
};

/* Parts that are open at one place of the text. */
struct part {
	uint64_t needs;
	bool filter;
};

struct parsing {
	struct query_template *template;
	const char *at;
	struct part parts[PART_DEPTH];
	size_t depth;
	uint64_t filters, used; /* parameters that filters depend on, and that their parts use */
	const char *problem;
};

static bool fail_parsing(struct parsing *parsing, const char *problem)
{
	parsing->problem = problem;
	return false;
}

static uint64_t open_needs(const struct parsing *parsing)
{
	return parsing->depth ? parsing->parts[parsing->depth - 1].needs : 0;
}

static bool add_piece(struct parsing *parsing, const struct query_piece *piece)
{
	struct query_template *template = parsing->template;
	void *grown = reallocarray(template->pieces, template->piece_count + 1, sizeof *piece);

	if (!grown)
		return fail_parsing(parsing, "out of memory");
	template->pieces = grown;
	template->pieces[template->piece_count] = *piece;
	template->pieces[template->piece_count++].needs = open_needs(parsing);
	return true;
}

static bool add_text(struct parsing *parsing, size_t length)
{
	const struct query_piece piece = {.text = parsing->at, .length = length};

	parsing->at += length;
	return length == 0 || add_piece(parsing, &piece);
}

/* The place of the parameter with this name, which is added when it is new. */
static bool parameter_place(struct parsing *parsing, const char *name, size_t length, size_t *place)
{
	struct query_template *template = parsing->template;
	char *copy;

	for (*place = 0; *place < template->parameters; (*place)++)
		if (strlen(template->parameter_names[*place]) == length &&
		    memcmp(template->parameter_names[*place], name, length) == 0)
			return true;
	if (*place == QUERY_PARAMETERS)
		return fail_parsing(parsing, "too many parameters");
	copy = strndup(name, length);
	if (!copy)
		return fail_parsing(parsing, "out of memory");
	template->parameter_names[*place] = copy;
	template->parameters++;
	return true;
}

static bool open_part(struct parsing *parsing, const char *name, size_t length, bool filter)
{
	size_t place;

	if (filter && parsing->depth && parsing->parts[parsing->depth - 1].filter)
		parsing->depth--;
	if (parsing->depth == PART_DEPTH)
		return fail_parsing(parsing, "parts are nested too deeply");
	if (!parameter_place(parsing, name, length, &place))
		return false;
	parsing->filters |= (uint64_t)filter << place;
	parsing->parts[parsing->depth] =
		(struct part){open_needs(parsing) | UINT64_C(1) << place, filter};
	parsing->depth++;
	return true;
}

/* The name in the comment `mark NAME`, which is a whole line; NULL for any other comment. */
static const char *marked_name(const char *comment, const char *mark, size_t *length)
{
	const char *name = comment + strlen(mark);

	if (strncmp(comment, mark, strlen(mark)) != 0)
		return NULL;
	*length = strspn(name, NAME_CHARACTERS);
	return *length > 0 && name[*length] == '\n' ? name : NULL;
}

/* Parses a comment: the mark of a part, or text to be dropped. */
static bool read_comment(struct parsing *parsing)
{
	static const char end[] = "-- end\n";
	const char *comment = parsing->at, *name;
	size_t length;

	parsing->at += strcspn(comment, "\n");
	if ((name = marked_name(comment, QUERY_FILTER, &length)))
		return open_part(parsing, name, length, true);
	if ((name = marked_name(comment, "-- with ", &length)))
		return open_part(parsing, name, length, false);
	if (strncmp(comment, end, strlen(end)) != 0)
		return true;
	if (parsing->depth == 0)
		return fail_parsing(parsing, "'-- end' without a part");
	parsing->depth--;
	return true;
}

/* Takes `ANY (` off the end of the text before a list. */
static bool take_list_begin(struct parsing *parsing)
{
	struct query_template *template = parsing->template;
	struct query_piece *before =
		template->piece_count ? &template->pieces[template->piece_count - 1] : NULL;
	const size_t length = strlen(LIST_BEGIN);

	if (!before || before->kind != PIECE_TEXT || before->needs != open_needs(parsing) ||
	    before->length < length ||
	    memcmp(before->text + before->length - length, LIST_BEGIN, length) != 0)
		return false;
	before->length -= length;
	return true;
}

static bool read_parameter(struct parsing *parsing)
{
	const size_t length = strspn(parsing->at + 1, NAME_CHARACTERS);
	struct query_piece piece = {.kind = PIECE_PARAMETER};

	if (length == 0)
		return add_text(parsing, 1);
	if (!parameter_place(parsing, parsing->at + 1, length, &piece.parameter))
		return false;
	parsing->at += 1 + length;
	parsing->used |= open_needs(parsing) & UINT64_C(1) << piece.parameter;
	if (strncmp(parsing->at, LIST_END, strlen(LIST_END)) == 0 && take_list_begin(parsing)) {
		parsing->at += strlen(LIST_END);
		piece.kind = PIECE_LIST;
	}
	return add_piece(parsing, &piece);
}

static bool read_piece(struct parsing *parsing)
{
	size_t length = strcspn(parsing->at, "'$-");

	if (length > 0)
		return add_text(parsing, length);
	if (*parsing->at == '\'') {
		length = 1 + strcspn(parsing->at + 1, "'");
		return add_text(parsing, length + (parsing->at[length] == '\''));
	}
	if (strncmp(parsing->at, "--", 2) == 0)
		return read_comment(parsing);
	return *parsing->at == '$' ? read_parameter(parsing) : add_text(parsing, 1);
}

void query_template_free_query(struct query *query)
{
	free((char *)query->text);
	*query = (struct query){0};
}

void query_template_free(struct query_template *template)
{
	for (size_t i = 0; i < template->parameters; i++)
		free((char *)template->parameter_names[i]);
	query_template_free_query(&template->whole);
	free((char *)template->name);
	free(template->text);
	free(template->pieces);
	*template = (struct query_template){0};
}

/* A parameter's number in the composed query, from 1, in order of first use. */
static size_t number_of(struct query *query, unsigned char *places, size_t place)
{
	for (size_t i = 0; i < query->parameters; i++)
		if (places[i] == place)
			return i + 1;
	places[query->parameters] = (unsigned char)place;
	return ++query->parameters;
}

bool query_template_compose(const struct query_template *template, uint64_t given, uint64_t single,
			    struct query *query, unsigned char places[QUERY_PARAMETERS],
			    struct error *err)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	size_t length;

	*query = (struct query){.name = template->name};
	for (size_t i = 0; i < template->piece_count; i++) {
		const struct query_piece *piece = &template->pieces[i];
		size_t number;

		if (piece->needs & ~given)
			continue;
		if (piece->kind == PIECE_TEXT) {
			buffer_add(&text, piece->text, piece->length);
			continue;
		}
		number = number_of(query, places, piece->parameter);
		if (piece->kind == PIECE_PARAMETER)
			buffer_format(&text, "$%zu", number);
		else if (single >> piece->parameter & 1)
			buffer_format(&text, "($%zu::text[])[1]", number);
		else
			buffer_format(&text, LIST_BEGIN "$%zu" LIST_END, number);
	}
	query->text = buffer_steal(&text, &length);
	return query->text || error_out_of_memory(err);
}

static bool is_list_of_one(const char *value)
{
	return *value == '{' && value[1] != '}' && !strpbrk(value, ",\"");
}

bool query_template_bind(const struct query_template *template, const char *const *values,
			 struct query *query, const char *bound[QUERY_PARAMETERS],
			 struct error *err)
{
	unsigned char places[QUERY_PARAMETERS];
	uint64_t given = 0, single = 0;

	for (size_t i = 0; i < template->parameters; i++) {
		given |= (uint64_t)(values[i] != NULL) << i;
		single |= (uint64_t)(values[i] && is_list_of_one(values[i])) << i;
	}
	if (!query_template_compose(template, given, single, query, places, err))
		return false;
	for (size_t i = 0; i < query->parameters; i++)
		bound[i] = values[places[i]];
	return true;
}

bool query_template_parse(const char *name, const char *text, struct query_template *template,
			  struct error *err)
{
	struct parsing parsing = {.template = template};
	unsigned char places[QUERY_PARAMETERS];

	*template = (struct query_template){.name = strdup(name), .text = strdup(text)};
	parsing.at = template->text;
	if (!template->name || !template->text)
		parsing.problem = "out of memory";
	while (!parsing.problem && *parsing.at)
		if (!read_piece(&parsing))
			break;
	if (!parsing.problem && parsing.depth && !parsing.parts[parsing.depth - 1].filter)
		parsing.problem = "a part has no '-- end'";
	if (!parsing.problem && parsing.filters & ~parsing.used)
		parsing.problem = "a filter does not use its own parameter";
	if (!parsing.problem &&
	    query_template_compose(template, UINT64_MAX, 0, &template->whole, places, err))
		return true;
	query_template_free(template);
	return error_set(err, ERROR_INTERNAL, "%s.sql: %s.", name,
			 parsing.problem ? parsing.problem : "out of memory");
}
