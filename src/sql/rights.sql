-- A table that is missing, and a table, function or schema on which the role lacks a right; NULL when
-- there is none. Only the catalogue is read, so that this query needs no right itself. Tables and
-- functions are those of the owner of `migration`; of the functions those that only read.
WITH wanted (name) AS (
	SELECT unnest(ARRAY[
		'action', 'article', 'article_text', 'authority', 'change', 'country', 'country_name',
		'court_case', 'court_case_article', 'dataset_revision', 'enabling_article', 'institution',
		'legal_provision', 'membership', 'migration', 'reference', 'source', 'statement',
		'statement_article', 'statement_register', 'strategy', 'strategy_document',
		'strategy_goal', 'strategy_priority', 'territory_effect', 'tool', 'treaty'
	])
), relation AS (
	SELECT c.oid, c.relname::text AS name, c.relowner AS owner
	FROM pg_class AS c
	JOIN pg_namespace AS n ON n.oid = c.relnamespace
	WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm')
), denied AS (
	SELECT 'public' AS name WHERE NOT has_schema_privilege('public', 'USAGE')
	UNION ALL
	SELECT r.name
	FROM relation AS m
	JOIN relation AS r ON r.owner = m.owner
	WHERE m.name = 'migration' AND NOT has_table_privilege(r.oid, 'SELECT')
	UNION ALL
	SELECT p.proname::text
	FROM relation AS m
	JOIN pg_proc AS p ON p.proowner = m.owner
	JOIN pg_namespace AS n ON n.oid = p.pronamespace
	WHERE m.name = 'migration' AND n.nspname = 'public' AND p.prokind = 'f' AND p.provolatile <> 'v'
		AND NOT has_function_privilege(p.oid, 'EXECUTE')
)
SELECT (SELECT min(w.name) FROM wanted AS w WHERE w.name NOT IN (SELECT r.name FROM relation AS r))
		AS missing_table,
	(SELECT min(d.name) FROM denied AS d) AS missing_right
