-- Why a role cannot be the service role; no row if it can. Parameter: the role.
SELECT CASE
	WHEN r.oid IS NULL THEN 'this server has no role of that name; make it with CREATE ROLE ... LOGIN'
	WHEN r.rolsuper THEN 'it is a superuser, and the service must not be more than a reader'
	ELSE 'it is or may become ' || current_user || ', who owns the tables; the service needs a role of its own'
END
FROM (SELECT $1::text AS name) AS wanted
LEFT JOIN pg_roles AS r ON r.rolname = wanted.name
WHERE r.oid IS NULL OR pg_has_role(r.oid, current_user, 'MEMBER')
