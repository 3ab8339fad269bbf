-- Reading change as a feed: public names for stored rows, and indexes.

-- From a record, and from a time, to the revisions.
CREATE INDEX change_of_record ON change (record, revision, ordinal);
CREATE INDEX change_recorded_at ON change (recorded_at, revision);

-- Omits revision and updated_at, which equal those of the change, and the key of a part, which is its
-- record's.
CREATE FUNCTION public_row(relation text, stored jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
	row jsonb := stored - ARRAY['revision', 'updated_at', CASE relation
		WHEN 'statement_article' THEN 'statement_id'
		WHEN 'strategy_priority' THEN 'strategy_id'
		WHEN 'strategy_goal' THEN 'strategy_id'
		WHEN 'strategy_document' THEN 'strategy_id'
		WHEN 'court_case_article' THEN 'court_case_id'
		ELSE '' END];
	name text;
	shown text;
BEGIN
	FOR name IN SELECT substr(column_name, 1, length(column_name) - 3)
		FROM jsonb_object_keys(row) AS column_name WHERE column_name ~ '_en$' LOOP
		row := row - ARRAY[name || '_en', name || '_fr'] || jsonb_build_object(
			CASE WHEN name IN ('region', 'subregion') THEN name || '_name' ELSE name END,
			jsonb_build_object('en', row -> (name || '_en'), 'fr', row -> (name || '_fr')));
	END LOOP;
	FOR name, shown IN VALUES ('source_id', 'source'), ('statement_id', 'statement'),
		('region_code', 'region'), ('subregion_code', 'subregion'), ('ets_ref', 'reference'),
		('convention_article', 'article') LOOP
		IF row ? name THEN
			row := row - name || jsonb_build_object(shown, row -> name);
		END IF;
	END LOOP;
	RETURN row;
END
$$;

COMMENT ON FUNCTION public_row(text, jsonb) IS 'A row of change with the member names of API records: a text in two languages is one member; sources and statements are identifiers.';

CREATE FUNCTION changed_members(before jsonb, after jsonb) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	RETURN ARRAY(SELECT name FROM jsonb_object_keys(before || after) AS name
		WHERE before -> name IS DISTINCT FROM after -> name ORDER BY name COLLATE "C");
END
$$;

COMMENT ON FUNCTION changed_members(jsonb, jsonb) IS 'The names of the members that differ; none if one of the rows is NULL.';
