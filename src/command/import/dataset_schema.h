/*
 * dataset_schema: the files of a dataset and the fields of their records.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "command/import/pattern.h"

/* How identifiers and codes are written. */
struct code_format {
	struct pattern pattern;
	const char *reason; /* follows a value that does not match: "'x' <reason>" */
};

enum field_type {
	FIELD_TEXT, /* prose; no addresses or telephone numbers of persons */
	FIELD_URL,
	FIELD_DATE,
	FIELD_BOOLEAN, /* the words true and false */
	FIELD_WORD,    /* one of `words` */
	FIELD_CODE,    /* as `format` demands */
	FIELD_NUMBER,  /* JSON only: a whole number from 1 */
	FIELD_GROUP,   /* JSON only: an object whose fields belong to the same staging row */
	FIELD_PARTS    /* JSON only: a list of objects, each a staging row of `parts` */
};

enum field_presence {
	NEEDED,	  /* has a value */
	NULLABLE, /* is present, but may be empty or null */
	OPTIONAL  /* may be absent */
};

struct dataset_field {
	const char *name; /* column of the CSV file, key of the JSON object */
	enum field_type type;
	enum field_presence presence;
	bool list;	    /* CSV: joined by ';'. JSON: a list of texts. Staged as an array. */
	const char *column; /* in the staging table; NULL: `name` */
	struct code_format *format;
	const char *const *words;
	const struct relation *parts; /* FIELD_GROUP, FIELD_PARTS */
};

enum relation_id {
	SOURCE,
	COUNTRY,
	COUNTRY_NAME,
	MEMBERSHIP,
	TREATY,
	ARTICLE,
	ARTICLE_SUMMARY,
	ARTICLE_TEXT,
	ACTION,
	STATEMENT,
	STATEMENT_TEXT,
	STATEMENT_REGISTER,
	TERRITORY_EFFECT,
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
	NO_RELATION = RELATIONS /* a FIELD_GROUP has no rows */
};

/* The records of one kind. Its staging table is stage_<name>. */
struct relation {
	enum relation_id id;
	const char *name;
	size_t keys;			    /* the first fields that identify a record */
	const struct dataset_field *fields; /* ends with a null name */
};

extern const struct relation *const dataset_schema_relations[RELATIONS];

/* The CSV files, in order; ends with a null name. */
extern const struct csv_file {
	const char *name;
	enum relation_id relation;
	bool optional; /* a data set may lack it */
} dataset_schema_csv_files[];

#define NO_FIELD SIZE_MAX

/* Returns the index of a field, or NO_FIELD. */
size_t dataset_schema_field(const struct relation *relation, const char *name);
