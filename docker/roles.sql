-- The two roles of the database: the owner, who migrates and imports, and the service, which reads.
--
--   psql -v database=cybertreaty -v owner=cybertreaty_owner -v service=cybertreaty_service -f roles.sql
--
-- Run it as somebody who may create roles and owns the database (a superuser, say), as often as you
-- like. Passwords are read from the files that owner_password_file and service_password_file name;
-- without these variables they stay as they are. With own_server=1 nobody else is expected on this
-- server, and its other databases are closed.
-- The rights on tables are not here: `cybertreaty migrate` gives them to the role that
-- CYBERTREATY_SERVICE_ROLE names, after the migrations.
\set ON_ERROR_STOP on

BEGIN;

-- Else a statement that fails would stand in the server's log, with the password.
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

-- In a database of PostgreSQL 15 or later its owner is also the one who may create tables.
ALTER DATABASE :"database" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
REVOKE ALL ON DATABASE :"database" FROM :"service";
GRANT CONNECT ON DATABASE :"database" TO :"service";
\if :{?own_server}
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
\endif

-- The service sets these on its own connections. They stand here as well for connections that come
-- through a pooler, which keeps no settings of a session, and for a program that is not the service.
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
