/*
 * documents: the definitions of all resources. routes.c assigns their addresses.
 */
#pragma once
#include "api/document.h"

extern const struct document document_countries, document_status, document_treaties,
	document_articles, document_actions, document_statements, document_reservations,
	document_declarations, document_authorities, document_strategies, document_institutions,
	document_case_law, document_legal_provisions, document_legal_profile, document_references,
	document_tools, document_sources, document_changes, document_profile, document_entry,
	document_export;

/* Those that routes serve; ends with a null pointer. */
extern const struct document *const documents[];

/* The columns that identify a record, comma-separated; `links` when there is only one record. */
const char *documents_identifier(const struct document *document);

/* True when the response depends on the day, because of the document or of one that it embeds.
 * `includes` are the names of these, comma-separated, or NULL. */
bool documents_legal_time(const struct document *document, const char *includes);

/* True when the comma-separated list `names` holds the name. */
bool documents_name_listed(const char *names, const char *name);
