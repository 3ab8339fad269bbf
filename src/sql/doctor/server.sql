-- The PostgreSQL server, and the role of this session.
SELECT current_setting('server_version_num')::integer / 10000 AS major,
	current_setting('server_version') AS version,
	current_user AS role,
	(SELECT r.rolsuper FROM pg_roles AS r WHERE r.rolname = current_user) AS superuser,
	to_regclass('public.migration') IS NOT NULL AS migrated,
	-- -1 means no limit, which least() must not treat as the least value.
	least(current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer,
		(SELECT nullif(d.datconnlimit, -1) FROM pg_database AS d WHERE d.datname = current_database()),
		(SELECT nullif(r.rolconnlimit, -1) FROM pg_roles AS r WHERE r.rolname = current_user)) AS room
