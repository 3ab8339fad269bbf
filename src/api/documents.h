/*
 * documents: what the resources of the API are made of. routes.c gives each its addresses.
 */
#pragma once
#include "api/document.h"

extern const struct document document_countries, document_status, document_treaties,
	document_articles, document_actions, document_statements, document_reservations,
	document_declarations, document_authorities, document_strategies, document_institutions,
	document_case_law, document_legal_provisions, document_legal_profile, document_references,
	document_tools, document_sources, document_changes, document_profile, document_entry,
	document_export;
