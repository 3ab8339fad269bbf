/*
 * import: the parts of `cybertreaty import`, one file each.
 *
 *	import_format    what the files of a data set hold
 *	import_form      how codes are written
 *	import_contact   what must never be published
 *	import_value     whether one value is as its field says
 *	import_files     finding and reading the files
 *	import_csv       files of rows          -> staging rows
 *	import_json      files of nested records -> staging rows
 *	import_stage     staging rows as text for COPY, and where each came from
 *	import_place     from a staging row back to line and column
 *	import_problems  everything wrong, collected and printed at the end
 *	import_load      staging rows -> tables, in one transaction
 *
 * Nothing stops at the first mistake: a wrong value is noted and staged as NULL, so that the
 * checks which the database does find no second fault in it.
 */
#pragma once
#include <stdint.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/buffer.h"
#include "db/session.h"

/* ---- import_format ---- */

enum field_type {
	FIELD_TEXT, /* words for people; no addresses or numbers of persons */
	FIELD_URL,
	FIELD_DATE,
	FIELD_BOOLEAN, /* the words true and false */
	FIELD_WORD,    /* one of `words` */
	FIELD_FORM,    /* as `form` says */
	FIELD_NUMBER,  /* JSON only: a whole number from 1 */
	FIELD_GROUP,   /* JSON only: an object whose fields stand in the same staging row */
	FIELD_PARTS    /* JSON only: a list of objects, each a staging row of `parts` */
};

enum field_presence {
	NEEDED,	  /* has a value */
	NULLABLE, /* is there, and may be empty or null */
	OPTIONAL  /* may be left out altogether */
};

/* How a code is written. */
struct form {
	bool (*fits)(const char *text);
	const char *reason; /* what is said of a value that does not fit */
};

/* import_form.c */
extern const struct form id_form, code_form, alpha3_form, three_digits, region_form,
	whole_article_form, article_form, year_form, language_form;

struct field {
	const char *name; /* column of the CSV file, key of the JSON object */
	enum field_type type;
	enum field_presence presence;
	bool list;	    /* CSV: joined by ';'. JSON: a list of texts. Staged as an array. */
	const char *column; /* in the staging table; NULL: `name` */
	const struct form *form;
	const char *const *words;
	const struct relation *parts; /* FIELD_GROUP, FIELD_PARTS */
};

enum relation_id {
	SOURCE,
	COUNTRY,
	TREATY,
	ARTICLE,
	ACTION,
	STATEMENT,
	AUTHORITY,
	PROFILE,
	STRATEGY,
	STRATEGY_PRIORITY,
	STRATEGY_GOAL,
	STRATEGY_DOCUMENT,
	INSTITUTION,
	COURT_CASE,
	LEGAL_PROVISION,
	REFERENCE,
	TOOL,
	RELATIONS,		/* their number */
	NO_RELATION = RELATIONS /* a FIELD_GROUP has no rows of its own */
};

/* The records of one kind. Its staging table is stage_<name>. */
struct relation {
	enum relation_id id;
	const char *name;
	size_t keys;		    /* how many of the first fields name a record */
	const struct field *fields; /* ends with a null name */
};

extern const struct relation *const relations[RELATIONS];

/* The CSV files, in order; ends with a null name. */
extern const struct csv_file {
	const char *name;
	enum relation_id relation;
} csv_files[];

/* ---- import_problems ---- */

/* Finding the line of each takes a walk through its file, so there is an end to it. */
#define PROBLEMS_KEPT ((size_t)2000)

struct problem {
	size_t file;
	unsigned line, column; /* 0: about the whole file */
	const char *text;
};

struct problems {
	struct problem *list;
	size_t count;
	size_t capacity;
	size_t dropped; /* beyond PROBLEMS_KEPT: counted, and nothing else */
};

/* ---- the whole ---- */

struct file {
	const char *name; /* relative to the folder */
	char *text;
	size_t length;
	const struct relation *relation; /* of its rows (CSV), of its records (JSON) */
	bool csv;
	size_t fields[64]; /* CSV: which field each column holds; NO_FIELD: none */
};

#define NO_FIELD SIZE_MAX
#define NO_PLACE SIZE_MAX

/* Where a staging row came from. */
struct place {
	size_t file;
	size_t offset; /* CSV: where the row begins */
	unsigned line;
	size_t parent;		   /* JSON: the place of the record around it, or NO_PLACE */
	const struct field *field; /* JSON: the list in that record, */
	size_t nth;		   /* and the place in the list, from 1 */
};

struct stage {
	struct buffer rows; /* as COPY reads them */
	size_t count;
	bool incomplete; /* some records could not be read, so nothing can be said of who names them
			  */
};

struct import {
	const char *folder;
	struct file *files;
	size_t file_count;
	struct place *places; /* a staging row's number is its index here */
	size_t place_count, place_capacity;
	struct stage stages[RELATIONS];
	struct problems problems;
	struct arena *memory; /* names and problem texts */
	bool reinstate, progress;
	bool failed; /* out of memory: nothing collected can be trusted */
};

/* ---- import_value ---- */

#define REASON_BYTES 400

/* True when text is a value that field allows (one item of it, for a list); else fills reason,
 * which is to be read after the field's name. */
bool value_fits(const struct field *field, const char *text, char reason[REASON_BYTES]);

/* ---- import_stage ---- */

/* Begins a staging row and returns its number. */
size_t stage_begin(struct import *import, enum relation_id relation, const struct place *place);
void stage_value(struct import *import, enum relation_id relation, const char *value);
void stage_end(struct import *import, enum relation_id relation);

/* Adds an item to a PostgreSQL array: begin with an empty buffer, end with array_end. */
void array_item(struct buffer *array, const char *item);
void array_end(struct buffer *array);

/* ---- import_csv, import_json: read one file into staging rows ---- */

void import_csv(struct import *import, size_t number);
void import_profile(struct import *import, size_t number);
void import_tools(struct import *import, size_t number);

/* ---- import_place ---- */

/* Line and column (of characters, from 1) where the JSON text has the value at pointer (RFC 6901);
 * the nearest one around it when it is not there. text is valid JSON. */
void json_place(const char *text, const char *pointer, unsigned *line, unsigned *column);

/* The JSON pointer of a staging row; lives in the import's memory. NULL when that is used up. */
const char *place_pointer(struct import *import, size_t place);

/* Notes that the field of a staging row is wrong; field NULL means the row itself. */
void problem_at(struct import *import, size_t place, const char *field, const char *reason);

/* ---- import_problems ---- */

void problem_add(struct import *import, size_t file, unsigned line, unsigned column,
		 const char *format, ...) PRINTF_LIKE(5, 6);
/* All of them in order of place, on standard error; the first 200, then how many more. */
void problems_print(struct import *import);

/* ---- import_files ---- */

/* Finds and reads the files of the folder into staging rows. What is wrong with them becomes
 * problems; false only when nothing can be said at all. */
MUST_CHECK bool import_files(struct import *import, struct error *err);
void import_free(struct import *import);

/* ---- import_load ---- */

struct tally {
	char relation[64];
	long added, changed, unchanged, retracted;
};

struct outcome {
	struct tally tallies[32];
	size_t count;
	long before, after; /* revision of the data set */
};

/* Says on a terminal what is going on. */
void import_progress(const struct import *import, const char *doing);

/* Loads the staging rows in one transaction. When the database finds them wrong, problems are
 * added and nothing is committed: true with problems is no success. */
MUST_CHECK bool import_load(struct import *import, struct session *session, struct outcome *outcome,
			    struct error *err);

/* Whether the database has the tables of the data set; ERROR_BAD_REQUEST when it has not. */
MUST_CHECK bool dataset_exists(struct session *session, struct error *err);
MUST_CHECK bool dataset_revision(struct session *session, long *revision, struct error *err);
