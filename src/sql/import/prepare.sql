-- Tables and functions for the checks and the merge. They live as long as the transaction.

-- Problems that take more than one row to find. `entry` is the staging row, `other` a row that it
-- conflicts with; source_location.c locates both in their files.
CREATE TEMP TABLE problem (entry bigint, field text, reason text, other bigint) ON COMMIT DROP;

-- Staging tables that lack rows because a file could not be read to its end. References to their
-- rows cannot be checked; the problem of the file itself is reported.
CREATE TEMP TABLE incomplete (relation text) ON COMMIT DROP;

-- Reports staging rows whose fields repeat those of an earlier row.
CREATE FUNCTION pg_temp.check_unique(relation text, fields text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format($query$
		INSERT INTO problem (entry, field, reason, other)
		SELECT s.entry, %L, format('''%%s'' appears twice', s.key[array_upper(s.key, 1)]), s.first
		FROM (SELECT entry, key, min(entry) OVER (PARTITION BY key) AS first
			FROM (SELECT entry, ARRAY[%s] AS key FROM %I) AS k
			WHERE array_position(key, NULL) IS NULL) AS s
		WHERE s.entry <> s.first
		$query$, regexp_replace(fields, '^.*(, |_(?=from$))', ''), fields, 'stage_' || relation);
END
$$;

-- Reports values of a field, or items of its list, that are not a key of the target.
CREATE FUNCTION pg_temp.check_names(relation text, field text, target text, key text, meaning text,
	list boolean DEFAULT false) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format($query$
		INSERT INTO problem (entry, field, reason)
		SELECT s.entry, %1$L, format('''%%s'' is not %5$s', s.wanted)
		FROM (SELECT entry, %6$s AS wanted FROM %2$I) AS s
		WHERE s.wanted IS NOT NULL
		AND NOT EXISTS (SELECT FROM %3$I AS t WHERE t.%4$I = s.wanted)
		AND NOT EXISTS (SELECT FROM incomplete AS i WHERE i.relation = %7$L)
		$query$, field, 'stage_' || relation, 'stage_' || target, key, meaning,
		format(CASE WHEN list THEN 'unnest(%I::text[]) COLLATE "C"' ELSE '%I' END, field), target);
END
$$;

-- Reports identifiers of records that were retracted.
CREATE FUNCTION pg_temp.check_retracted(relation text, key text, field text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format($query$
		INSERT INTO problem (entry, field, reason)
		SELECT entry, %L, format('''%%s'' was retracted and cannot be reused; --reinstate brings the same record back', %s)
		FROM %I WHERE is_retracted(%L, %s)
		$query$, field, key, 'stage_' || relation, relation, key);
END
$$;

-- Creates next_<relation>: the future contents of the table, without the columns that triggers fill.
CREATE FUNCTION pg_temp.begin_next(relation text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TEMP TABLE %I ON COMMIT DROP AS SELECT 0::bigint AS entry, * FROM %I WITH NO DATA',
		'next_' || relation, relation);
	EXECUTE format('ALTER TABLE %I DROP COLUMN IF EXISTS revision, DROP COLUMN IF EXISTS updated_at',
		'next_' || relation);
END
$$;

-- The columns of a primary key (keys true), or all columns of next_<relation>, after a prefix.
CREATE FUNCTION pg_temp.columns_of(relation text, keys boolean, prefix text) RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(prefix || quote_ident(a.attname), ', ' ORDER BY a.attnum)
	FROM pg_attribute AS a
	JOIN pg_attribute AS n ON n.attrelid = ('pg_temp.next_' || relation)::regclass
		AND n.attname = a.attname AND NOT n.attisdropped
	WHERE a.attrelid = ('public.' || relation)::regclass AND a.attnum > 0 AND NOT a.attisdropped
	AND a.attgenerated = ''
	AND (NOT keys OR EXISTS (SELECT FROM pg_index AS i
		WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)))
$$;

-- Counts the differences between the table and its future contents.
CREATE FUNCTION pg_temp.compare(relation text, OUT added bigint, OUT changed bigint,
	OUT unchanged bigint, OUT retracted bigint) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format($query$
		SELECT count(*) FILTER (WHERE o.here IS NULL),
			count(*) FILTER (WHERE o.here AND n.here AND (%3$s) IS DISTINCT FROM (%4$s)),
			count(*) FILTER (WHERE o.here AND n.here AND (%3$s) IS NOT DISTINCT FROM (%4$s)),
			count(*) FILTER (WHERE n.here IS NULL)
		FROM (SELECT true AS here, * FROM %1$I) AS o
		FULL JOIN (SELECT true AS here, * FROM %2$I) AS n ON (%5$s) = (%6$s)
		$query$, relation, 'next_' || relation,
		pg_temp.columns_of(relation, false, 'o.'), pg_temp.columns_of(relation, false, 'n.'),
		pg_temp.columns_of(relation, true, 'o.'), pg_temp.columns_of(relation, true, 'n.'))
	INTO added, changed, unchanged, retracted;
END
$$;

CREATE FUNCTION pg_temp.retract(relation text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('DELETE FROM %I AS o WHERE NOT EXISTS (SELECT FROM %I AS n WHERE (%s) = (%s))',
		relation, 'next_' || relation,
		pg_temp.columns_of(relation, true, 'o.'), pg_temp.columns_of(relation, true, 'n.'));
END
$$;

-- Does not touch equal rows. Inserts new rows in the order of the files.
CREATE FUNCTION pg_temp.merge(relation text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('UPDATE %I AS o SET (%s) = ROW (%s) FROM %I AS n WHERE (%s) = (%s) AND (%s) IS DISTINCT FROM (%s)',
		relation, pg_temp.columns_of(relation, false, ''), pg_temp.columns_of(relation, false, 'n.'),
		'next_' || relation,
		pg_temp.columns_of(relation, true, 'o.'), pg_temp.columns_of(relation, true, 'n.'),
		pg_temp.columns_of(relation, false, 'o.'), pg_temp.columns_of(relation, false, 'n.'));
	EXECUTE format('INSERT INTO %1$I (%3$s) SELECT %3$s FROM %2$I AS n WHERE NOT EXISTS (SELECT FROM %1$I AS o WHERE (%4$s) = (%5$s)) ORDER BY n.entry',
		relation, 'next_' || relation, pg_temp.columns_of(relation, false, ''),
		pg_temp.columns_of(relation, true, 'o.'), pg_temp.columns_of(relation, true, 'n.'));
END
$$;

CREATE FUNCTION pg_temp.date_next(relation text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('UPDATE %I AS n SET verified_on = s.retrieved_on FROM next_source AS s WHERE s.id = n.source_id',
		'next_' || relation);
END
$$;

-- The tables in the order in which they refer to each other.
CREATE FUNCTION pg_temp.relations(OUT relation text, OUT nr bigint) RETURNS SETOF record
LANGUAGE sql AS $$
	SELECT * FROM unnest(ARRAY['source', 'country', 'country_name', 'membership', 'treaty', 'article',
		'article_text', 'action', 'statement', 'statement_article', 'statement_register',
		'territory_effect', 'authority', 'strategy', 'strategy_priority', 'strategy_goal',
		'strategy_document', 'institution', 'court_case', 'court_case_article',
		'legal_provision', 'reference', 'tool']) WITH ORDINALITY
$$;
