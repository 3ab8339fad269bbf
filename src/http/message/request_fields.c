#include "http/message/request_fields.h"

#include "http/message/limits.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

#define NAMED(name, list)                                                                          \
	{                                                                                          \
		name, sizeof name - 1, list,                                                       \
		{                                                                                  \
			"The field " name " may be sent only once.",                               \
				"Le champ " name " ne peut être envoyé qu’une fois."           \
		}                                                                                  \
	}

static const struct {
	const char *name;
	size_t length;
	bool list; /* several lines may be sent */
	struct bilingual refusal;
} known[REQUEST_FIELDS] = {
	[FIELD_ACCEPT] = NAMED("Accept", true),
	[FIELD_ACCEPT_ENCODING] = NAMED("Accept-Encoding", true),
	[FIELD_ACCEPT_LANGUAGE] = NAMED("Accept-Language", true),
	[FIELD_ACCESS_CONTROL_REQUEST_METHOD] = NAMED("Access-Control-Request-Method", false),
	[FIELD_AUTHORIZATION] = NAMED("Authorization", false),
	[FIELD_CONNECTION] = NAMED("Connection", true),
	[FIELD_CONTENT_LENGTH] = NAMED("Content-Length", false),
	[FIELD_CONTENT_TYPE] = NAMED("Content-Type", false),
	[FIELD_EXPECT] = NAMED("Expect", true),
	[FIELD_FORWARDED] = NAMED("Forwarded", true),
	[FIELD_HOST] = NAMED("Host", false),
	[FIELD_IF_MODIFIED_SINCE] = NAMED("If-Modified-Since", false),
	[FIELD_IF_NONE_MATCH] = NAMED("If-None-Match", true),
	[FIELD_ORIGIN] = NAMED("Origin", false),
	/* Joined values of the last two are never well-formed, and so are ignored. */
	[FIELD_TRACEPARENT] = NAMED("traceparent", true),
	[FIELD_TRANSFER_ENCODING] = NAMED("Transfer-Encoding", true),
	[FIELD_X_FORWARDED_FOR] = NAMED("X-Forwarded-For", true),
	[FIELD_X_REQUEST_ID] = NAMED("X-Request-Id", true),
};

/* REQUEST_FIELDS for a name that is not known. */
static size_t find_name(const char *name)
{
	size_t length = strlen(name), field = 0;

	while (field < REQUEST_FIELDS &&
	       (known[field].length != length || strcasecmp(known[field].name, name) != 0))
		field++;
	return field;
}

void request_fields_find(const struct field *lines, size_t count, struct request_fields *fields)
{
	*fields = (struct request_fields){0};
	for (size_t i = 0; i < count; i++) {
		size_t field = find_name(lines[i].name);

		if (field == REQUEST_FIELDS)
			continue;
		if (fields->values[field])
			fields->repeated |= UINT32_C(1) << field;
		else
			fields->values[field] = lines[i].value;
	}
}

struct bilingual request_fields_repeated(const struct request_fields *fields)
{
	for (size_t field = 0; fields->repeated >> field; field++)
		if (fields->repeated >> field & 1 && !known[field].list)
			return known[field].refusal;
	return (struct bilingual){0};
}

static bool join_field(const struct field *lines, size_t count, size_t field, struct arena *arena,
		       const char **value, struct error *err)
{
	const char *joined = NULL;

	if (!known[field].list)
		return error_tell_text(err, ERROR_BAD_REQUEST, known[field].refusal);
	for (size_t i = 0; i < count; i++) {
		if (find_name(lines[i].name) != field)
			continue;
		joined = joined ? arena_format(arena, "%s, %s", joined, lines[i].value)
				: lines[i].value;
		if (!joined)
			return error_out_of_memory(err);
		if (strlen(joined) > LIMIT_JOINED)
			return error_tell(
				err, ERROR_FIELDS_TOO_LARGE,
				"The values of %s may have at most %d bytes together.",
				"Les valeurs de %s peuvent avoir au plus %d octets au total.",
				known[field].name, LIMIT_JOINED);
	}
	*value = joined;
	return true;
}

bool request_fields_join(const struct field *lines, size_t count, struct arena *arena,
			 struct request_fields *fields, struct error *err)
{
	struct error fault;
	bool joined = true;

	for (size_t field = 0; fields->repeated >> field; field++) {
		if (!(fields->repeated >> field & 1))
			continue;
		fields->values[field] = NULL;
		if (!join_field(lines, count, field, arena, &fields->values[field],
				joined ? err : &fault))
			joined = false;
	}
	return joined;
}
