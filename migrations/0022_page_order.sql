-- Indexes in the order of pages, so that a page reads only its own rows, whatever the table size.

-- By country, and the rows of one country by identifier.
CREATE INDEX statement_of_country ON statement (country, id);
CREATE INDEX authority_of_country ON authority (country, id);
CREATE INDEX action_of_country ON action (country, id);

-- By the time of the last change, as the API writes and compares it.
DROP INDEX source_updated_at, country_updated_at, treaty_updated_at, article_updated_at,
	action_updated_at, statement_updated_at, authority_updated_at, strategy_updated_at,
	institution_updated_at, court_case_updated_at, legal_provision_updated_at,
	reference_updated_at, tool_updated_at;
CREATE INDEX source_updated_at ON source (rfc3339(updated_at) COLLATE "C", id);
CREATE INDEX country_updated_at ON country (rfc3339(updated_at) COLLATE "C", code);
CREATE INDEX treaty_updated_at ON treaty (rfc3339(updated_at) COLLATE "C", number);
CREATE INDEX article_updated_at ON article (rfc3339(updated_at) COLLATE "C", article);
CREATE INDEX action_updated_at ON action (rfc3339(updated_at) COLLATE "C", id);
CREATE INDEX statement_updated_at ON statement (rfc3339(updated_at) COLLATE "C", id);
CREATE INDEX authority_updated_at ON authority (rfc3339(updated_at) COLLATE "C", id);
CREATE INDEX strategy_updated_at ON strategy (rfc3339(updated_at) COLLATE "C", id);
CREATE INDEX institution_updated_at ON institution (rfc3339(updated_at) COLLATE "C", id);
CREATE INDEX court_case_updated_at ON court_case (rfc3339(updated_at) COLLATE "C", id);
CREATE INDEX legal_provision_updated_at ON legal_provision (rfc3339(updated_at) COLLATE "C", id);
CREATE INDEX reference_updated_at ON reference (rfc3339(updated_at) COLLATE "C", id);
CREATE INDEX tool_updated_at ON tool (rfc3339(updated_at) COLLATE "C", id);

-- The first act of a State for a treaty; undated statements are listed from then on.
CREATE INDEX action_first ON action (country, treaty, date);
DROP INDEX action_country;
