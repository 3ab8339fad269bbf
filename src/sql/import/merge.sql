-- Makes each table what it is to hold, touching only rows that differ.

SET CONSTRAINTS ALL DEFERRED;

DO $$
DECLARE
	reinstate CONSTANT text := current_setting('cybertreaty.reinstate');
	relation text;
BEGIN
	-- Whole records go before their parts, which follow them; what is left are parts of records
	-- that stay.
	FOR relation IN SELECT r.relation FROM pg_temp.relations() AS r ORDER BY r.nr LOOP
		PERFORM pg_temp.retract(relation);
	END LOOP;
	FOR relation IN SELECT r.relation FROM pg_temp.relations() AS r ORDER BY r.nr LOOP
		-- A paragraph that a record names again is no retracted record that returns, and the
		-- whole articles have been checked.
		PERFORM set_config('cybertreaty.reinstate',
			CASE WHEN relation = 'article' THEN 'on' ELSE reinstate END, true);
		PERFORM pg_temp.merge(relation);
	END LOOP;
END
$$;

SET CONSTRAINTS ALL IMMEDIATE;

-- The first queries should not have to wait for autovacuum to know the size of new tables.
DO $$
DECLARE
	relation text;
BEGIN
	IF NOT EXISTS (SELECT FROM dataset_revision WHERE xid = pg_current_xact_id()) THEN
		RETURN;
	END IF;
	FOR relation IN SELECT r.relation FROM pg_temp.relations() AS r UNION ALL SELECT 'change' LOOP
		EXECUTE format('ANALYZE %I', relation);
	END LOOP;
END
$$;
