-- Brings each table to its future contents; touches only rows that differ.

SET CONSTRAINTS ALL DEFERRED;

DO $$
DECLARE
	reinstate CONSTANT text := current_setting('cybertreaty.reinstate');
	relation text;
BEGIN
	-- Deletes records before their parts, which cascade; then only parts of remaining records are
	-- deleted one by one.
	FOR relation IN SELECT r.relation FROM pg_temp.relations() AS r ORDER BY r.nr LOOP
		PERFORM pg_temp.retract(relation);
	END LOOP;
	FOR relation IN SELECT r.relation FROM pg_temp.relations() AS r ORDER BY r.nr LOOP
		-- A paragraph that is cited again is not a retracted record that returns; whole articles
		-- are already checked.
		PERFORM set_config('cybertreaty.reinstate',
			CASE WHEN relation = 'article' THEN 'on' ELSE reinstate END, true);
		PERFORM pg_temp.merge(relation);
	END LOOP;
END
$$;

SET CONSTRAINTS ALL IMMEDIATE;

-- Gives the planner the size of new tables before autovacuum does.
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
