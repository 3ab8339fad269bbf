-- Privileges of the role that the service does not need. Temporary tables do not count: by default
-- PostgreSQL lets all roles create them.
SELECT held.privilege || ' on ' || held.name AS label,
	json_build_object('right', held.privilege, 'on', held.name) AS item
FROM (
	SELECT p.privilege, c.relname::text AS name
	FROM pg_class AS m
	JOIN pg_class AS c ON c.relnamespace = m.relnamespace AND c.relowner = m.relowner
	CROSS JOIN (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('TRIGGER')) AS p (privilege)
	WHERE m.oid = to_regclass('public.migration') AND c.relkind IN ('r', 'p')
		AND has_table_privilege(c.oid, p.privilege)
	UNION ALL
	SELECT 'CREATE', 'schema public'
	WHERE has_schema_privilege('public', 'CREATE')
	UNION ALL
	SELECT 'CREATE', 'database ' || current_database()
	WHERE has_database_privilege(current_database(), 'CREATE')
) AS held
ORDER BY held.privilege, held.name
