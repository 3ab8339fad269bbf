-- Pages and totals of filtered and sorted lists at a cost that hardly grows with the data.

-- Values that are the same for all rows of a page are arguments, so that they are computed once.
-- Values looked up for each row are passed as a subquery, which costs a fraction of a function call.
CREATE FUNCTION treaties_open_on(day date) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT ARRAY(SELECT t.number FROM treaty AS t WHERE t.opened_on <= day)
$$;

COMMENT ON FUNCTION treaties_open_on(date) IS 'The treaties that had been opened for signature by a day.';

CREATE FUNCTION statement_shown(s statement, day date, open text[], first_act date) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN coalesce(s.made_on, s.effective_from) > day THEN false
		WHEN coalesce(s.made_on, s.effective_from) IS NULL AND first_act > day THEN false
		ELSE s.treaty = ANY (open) END
$$;

COMMENT ON FUNCTION statement_shown(statement, date, text[], date) IS 'Whether a response as of a day includes a statement: not before its first known date, not before the first dated act of its State for the treaty if it has none, not before the opening of the treaty. open: the treaties that were open on that day.';

-- statement_shown(statement, date), first_act_on and treaty_is_open remain: the previous release calls
-- them and still serves during the upgrade.

-- PL/pgSQL prevents inlining: the planner uses the declared number of rows. From the table it would
-- expect many rows, and read all statements to find those with a rare article.
CREATE FUNCTION articles_under(wanted text[]) RETURNS TABLE (treaty text, article text)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 2 AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY SELECT a.treaty, a.article FROM article AS a WHERE article_fits(a.article, wanted);
END
$$;

COMMENT ON FUNCTION articles_under(text[]) IS 'The requested articles that are on record, and those below them: see article_fits.';

-- The lists of one country, of one treaty, and of one kind of statement within them.
CREATE INDEX statement_country_kind ON statement (country, kind, id);
CREATE INDEX statement_treaty_kind ON statement (treaty, kind, id);

-- The same by date. Rows without a date come last in both directions, so each direction needs an index.
CREATE INDEX statement_country_made_on ON statement (country, coalesce(made_on, 'infinity'), id);
CREATE INDEX statement_country_made_on_down ON statement (country, coalesce(made_on, '-infinity'), id);
CREATE INDEX statement_country_effective_from ON statement (country, coalesce(effective_from, 'infinity'), id);
CREATE INDEX statement_country_effective_from_down ON statement (country, coalesce(effective_from, '-infinity'), id);
CREATE INDEX statement_treaty_made_on ON statement (treaty, coalesce(made_on, 'infinity'), id);
CREATE INDEX statement_treaty_made_on_down ON statement (treaty, coalesce(made_on, '-infinity'), id);
CREATE INDEX statement_treaty_effective_from ON statement (treaty, coalesce(effective_from, 'infinity'), id);
CREATE INDEX statement_treaty_effective_from_down ON statement (treaty, coalesce(effective_from, '-infinity'), id);

-- Acts are listed by date by default.
CREATE INDEX action_country_date ON action (country, coalesce(date, 'infinity'), id);
CREATE INDEX action_country_date_down ON action (country, coalesce(date, '-infinity'), id);
CREATE INDEX action_treaty_date ON action (treaty, coalesce(date, 'infinity'), id);
CREATE INDEX action_treaty_date_down ON action (treaty, coalesce(date, '-infinity'), id);
CREATE INDEX action_action_date ON action (action, coalesce(date, 'infinity'), id);
CREATE INDEX action_action_date_down ON action (action, coalesce(date, '-infinity'), id);

-- By name. The size of an index row is limited and that of a name is not, so names are sorted by
-- their first 200 characters.
CREATE INDEX authority_name ON authority (left(name, 200) COLLATE "und-x-icu", id);
CREATE INDEX authority_country_name ON authority (country, left(name, 200) COLLATE "und-x-icu", id);
CREATE INDEX reference_title ON reference (left(title, 200) COLLATE "und-x-icu", id);
CREATE INDEX tool_title ON tool (left(title, 200) COLLATE "und-x-icu", id);

-- A feed of one operation. Retractions are rare; without an index, all changes would be read. The
-- function has a high COST, so that the planner, which does not know the requested operation, uses the
-- index.
CREATE FUNCTION change_operation(relation text, operation text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
BEGIN
	RETURN CASE WHEN relation = ANY ('{statement_article,strategy_priority,strategy_goal,strategy_document,court_case_article}')
		THEN 'update' ELSE operation END;
END
$$;

COMMENT ON FUNCTION change_operation(text, text) IS 'The operation of a change on its record: adding or removing a part is an update of the record.';

CREATE INDEX change_operation ON change (change_operation(relation, operation), revision, ordinal);
