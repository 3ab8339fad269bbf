-- Why a role cannot be the service role; no row if it can. Parameter: the role.
SELECT CASE
	WHEN r.oid IS NULL THEN 'this server has no such role; create it with CREATE ROLE ... LOGIN'
	WHEN r.rolsuper THEN 'it is a superuser, but the service must only read'
	ELSE 'it is or may become ' || current_user || ', which owns the tables; the service needs a separate role'
END
FROM (SELECT $1::text AS name) AS wanted
LEFT JOIN pg_roles AS r ON r.rolname = wanted.name
WHERE r.oid IS NULL OR pg_has_role(r.oid, current_user, 'MEMBER')
