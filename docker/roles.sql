-- The two database roles: the owner, which migrates and imports, and the service, which reads.
--
--   psql -v database=cybertreaty -v owner=cybertreaty_owner -v service=cybertreaty_service -f roles.sql
--
-- Run it as a role that may create roles and owns the database (for example a superuser). It is
-- idempotent. It reads passwords from the files owner_password_file and service_password_file; without
-- these variables it leaves passwords unchanged. With own_server=1 it also closes the other databases
-- of the server.
-- It grants no privileges on tables: after the migrations, `cybertreaty migrate` grants them to the
-- role named by CYBERTREATY_SERVICE_ROLE.
\set ON_ERROR_STOP on

BEGIN;

-- Otherwise the server would log a failed statement with the password.
DO $$
BEGIN
	IF (SELECT r.rolsuper FROM pg_roles AS r WHERE r.rolname = current_user) THEN
		SET LOCAL log_statement = 'none';
		SET LOCAL log_min_error_statement = 'panic';
	END IF;
END
$$;

SELECT format('CREATE ROLE %I LOGIN', wanted.name)
FROM (VALUES (:'owner'), (:'service')) AS wanted (name)
WHERE NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = wanted.name)
\gexec

\if :{?owner_password_file}
\set password `cat :'owner_password_file'`
ALTER ROLE :"owner" PASSWORD :'password';
\endif
\if :{?service_password_file}
\set password `cat :'service_password_file'`
ALTER ROLE :"service" PASSWORD :'password';
\endif

-- Since PostgreSQL 15 only the owner of a database may create tables in it.
ALTER DATABASE :"database" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
REVOKE ALL ON DATABASE :"database" FROM :"service";
GRANT CONNECT ON DATABASE :"database" TO :"service";
\if :{?own_server}
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
\endif

-- The service sets these on its connections. They are set here too for connections through a pooler,
-- which preserves no session parameters, and for other programs.
ALTER ROLE :"service" IN DATABASE :"database" SET default_transaction_read_only = on;
ALTER ROLE :"service" IN DATABASE :"database" SET search_path = public;
ALTER ROLE :"service" IN DATABASE :"database" SET timezone = 'UTC';
ALTER ROLE :"service" IN DATABASE :"database" SET datestyle = 'ISO, YMD';
ALTER ROLE :"service" IN DATABASE :"database" SET jit = off;
ALTER ROLE :"service" IN DATABASE :"database" SET plan_cache_mode = force_generic_plan;
ALTER ROLE :"service" IN DATABASE :"database" SET max_parallel_workers_per_gather = 0;
ALTER ROLE :"service" IN DATABASE :"database" SET statement_timeout = '1800ms';
ALTER ROLE :"service" IN DATABASE :"database" SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE :"service" IN DATABASE :"database" SET client_connection_check_interval = '250ms';
ALTER ROLE :"owner" IN DATABASE :"database" SET timezone = 'UTC';
ALTER ROLE :"owner" IN DATABASE :"database" SET search_path = public;

COMMIT;
