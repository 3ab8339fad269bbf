-- The statements that grant a role the privileges which the service needs and revoke any others; no row
-- if there is nothing to change. Parameter: the role. The tables and functions are those of the owner of
-- `migration`; of the functions those that only read.
WITH service AS (
	SELECT r.oid, r.rolname FROM pg_roles AS r WHERE r.rolname = $1::text
), owned_table AS (
	SELECT c.oid, c.oid::regclass AS name, c.relacl AS rights
	FROM pg_class AS m
	JOIN pg_class AS c ON c.relnamespace = m.relnamespace AND c.relowner = m.relowner
	WHERE m.oid = 'public.migration'::regclass AND c.relkind IN ('r', 'p', 'v', 'm')
)
SELECT format('GRANT USAGE ON SCHEMA public TO %I', s.rolname) AS statement
FROM service AS s
WHERE NOT has_schema_privilege(s.oid, 'public', 'USAGE')
UNION ALL
SELECT format('GRANT SELECT ON TABLE %s TO %I', t.name, s.rolname)
FROM service AS s, owned_table AS t
WHERE NOT has_table_privilege(s.oid, t.oid, 'SELECT')
UNION ALL
SELECT format('REVOKE %s ON TABLE %s FROM %I', string_agg(a.privilege_type, ', '), t.name, s.rolname)
FROM service AS s, owned_table AS t, aclexplode(t.rights) AS a
WHERE a.grantee = s.oid AND a.privilege_type <> 'SELECT'
GROUP BY t.name, s.rolname
UNION ALL
SELECT format('GRANT EXECUTE ON FUNCTION %s TO %I', p.oid::regprocedure, s.rolname)
FROM service AS s, pg_class AS m
JOIN pg_proc AS p ON p.pronamespace = m.relnamespace AND p.proowner = m.relowner
WHERE m.oid = 'public.migration'::regclass AND p.prokind = 'f' AND p.provolatile <> 'v'
	AND NOT has_function_privilege(s.oid, p.oid, 'EXECUTE')
