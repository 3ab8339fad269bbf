-- Which PostgreSQL answers, and as whom we are there.
SELECT current_setting('server_version_num')::integer / 10000 AS major,
	current_setting('server_version') AS version,
	current_user AS role,
	(SELECT r.rolsuper FROM pg_roles AS r WHERE r.rolname = current_user) AS superuser,
	to_regclass('public.migration') IS NOT NULL AS migrated
