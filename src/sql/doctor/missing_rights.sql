-- Privileges that the service needs and the role lacks. Tables and functions of the schema are those
-- that belong to the owner of `migration`; of the functions those that only read.
SELECT needed.privilege || ' on ' || needed.name AS label,
	json_build_object('right', needed.privilege, 'on', needed.name) AS item
FROM (
	SELECT 'USAGE' AS privilege, n.nspname::text AS name, has_schema_privilege(n.oid, 'USAGE') AS held
	FROM pg_namespace AS n
	WHERE n.nspname = 'public'
	UNION ALL
	SELECT 'SELECT', c.relname, has_table_privilege(c.oid, 'SELECT')
	FROM pg_class AS m
	JOIN pg_class AS c ON c.relnamespace = m.relnamespace AND c.relowner = m.relowner
	WHERE m.oid = to_regclass('public.migration') AND c.relkind IN ('r', 'p', 'v')
	UNION ALL
	SELECT 'EXECUTE', p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
		has_function_privilege(p.oid, 'EXECUTE')
	FROM pg_class AS m
	JOIN pg_proc AS p ON p.pronamespace = m.relnamespace AND p.proowner = m.relowner
	WHERE m.oid = to_regclass('public.migration') AND p.prokind = 'f' AND p.provolatile <> 'v'
) AS needed
WHERE NOT needed.held
ORDER BY needed.privilege, needed.name
