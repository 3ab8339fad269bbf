-- Triggers that number and record every change of public content.
--
-- A transaction that changes content gets one revision. A writer takes the dataset lock before it
-- reads a row, so revisions have commit order, and a client that has read revision n has read all
-- before it. A write that changes nothing is not recorded. The functions are VOLATILE, so each of
-- their queries sees what the previous writer committed while this one waited.

CREATE FUNCTION lock_dataset() RETURNS void LANGUAGE sql VOLATILE AS $$
	SELECT pg_catalog.pg_advisory_xact_lock(185189224)
$$;

COMMENT ON FUNCTION lock_dataset() IS 'Waits until no other transaction writes public content; holds the lock until the end of this transaction. Writers that lock rows must call this before they do.';

CREATE FUNCTION is_retracted(relation text, record text) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT coalesce((SELECT c.operation = 'retract' FROM change AS c
		WHERE c.relation = $1 AND c.record = $2
		ORDER BY c.revision DESC, c.ordinal DESC LIMIT 1), false)
$$;

COMMENT ON FUNCTION is_retracted(text, text) IS 'Whether the last change of this record was a retraction.';

CREATE FUNCTION take_dataset_lock() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	PERFORM public.lock_dataset();
	RETURN NULL;
END
$$;

COMMENT ON FUNCTION take_dataset_lock() IS 'Trigger, before a statement: serialises writers.';

CREATE FUNCTION refuse_truncate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	RAISE EXCEPTION 'TRUNCATE of % would not be recorded in the change log; use DELETE.', TG_TABLE_NAME
		USING ERRCODE = 'feature_not_supported', TABLE = TG_TABLE_NAME;
END
$$;

COMMENT ON FUNCTION refuse_truncate() IS 'Trigger: rejects TRUNCATE, which row triggers do not see.';

-- The row must have its revision when it is stored, yet an INSERT with ON CONFLICT may change
-- nothing. So this only predicts the revision; record_change, after the row, raises it.
-- changed_at is compared too, since after a restore into another cluster a stored xid may recur.
CREATE FUNCTION set_revision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	own CONSTANT text[] := ARRAY[TG_ARGV[0], 'revision', 'updated_at'];
	latest public.dataset_revision%ROWTYPE;
BEGIN
	-- Above depth 1 the caller is record_change, which marks the whole record after a change of a part.
	IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - own = to_jsonb(OLD) - own THEN
		IF pg_trigger_depth() = 1 THEN
			NEW.revision := OLD.revision;
			NEW.updated_at := OLD.updated_at;
		END IF;
		RETURN NEW;
	END IF;

	SELECT * INTO STRICT latest FROM public.dataset_revision;
	IF latest.xid = pg_current_xact_id() AND latest.changed_at >= transaction_timestamp() THEN
		NEW.revision := latest.revision;
		NEW.updated_at := latest.changed_at;
	ELSE
		NEW.revision := latest.revision + 1;
		NEW.updated_at := greatest(statement_timestamp(), latest.changed_at);
	END IF;
	RETURN NEW;
END
$$;

COMMENT ON FUNCTION set_revision() IS 'Trigger, before a row: sets revision and updated_at, unless nothing else changes. Argument: key column.';

-- Sets no search_path: that would cost more than the rest, and record_change, which calls it, has
-- set one.
CREATE FUNCTION raise_revision() RETURNS dataset_revision
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	latest public.dataset_revision%ROWTYPE;
BEGIN
	SELECT * INTO STRICT latest FROM public.dataset_revision;
	IF latest.xid = pg_current_xact_id() AND latest.changed_at >= transaction_timestamp() THEN
		RETURN latest;
	END IF;

	UPDATE public.dataset_revision AS d
	SET revision = d.revision + 1, xid = pg_current_xact_id(),
		changed_at = greatest(statement_timestamp(), d.changed_at)
	RETURNING * INTO STRICT latest;
	PERFORM pg_notify('dataset', latest.revision::text);
	RETURN latest;
END
$$;

COMMENT ON FUNCTION raise_revision() IS 'Raises the revision once in a transaction and notifies the channel dataset; returns the new row. The caller must hold the dataset lock.';

CREATE FUNCTION record_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	key CONSTANT text := TG_ARGV[0];
	whole CONSTANT text := TG_ARGV[1];
	old_row CONSTANT jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
	new_row CONSTANT jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
	row CONSTANT jsonb := coalesce(new_row, old_row);
	latest public.dataset_revision%ROWTYPE;
	country text := CASE TG_TABLE_NAME WHEN 'country' THEN row ->> 'code' ELSE row ->> 'country' END;
	treaty text := CASE TG_TABLE_NAME WHEN 'treaty' THEN row ->> 'number' ELSE row ->> 'treaty' END;
BEGIN
	IF TG_OP = 'UPDATE' AND old_row - '{revision,updated_at}'::text[] = new_row - '{revision,updated_at}'::text[] THEN
		RETURN NULL;
	END IF;
	IF TG_OP = 'UPDATE' AND old_row ->> key <> new_row ->> key THEN
		RAISE EXCEPTION 'The identifier % of % never changes.', old_row ->> key, TG_TABLE_NAME
			USING ERRCODE = 'integrity_constraint_violation', TABLE = TG_TABLE_NAME, COLUMN = key;
	END IF;
	-- is_retracted, inlined: PL/pgSQL caches the plan of a query, not of an SQL function.
	IF TG_OP = 'INSERT' AND whole IS NULL AND coalesce(current_setting('cybertreaty.reinstate', true), '') <> 'on'
		AND 'retract' = (SELECT c.operation FROM public.change AS c
			WHERE c.relation = TG_TABLE_NAME AND c.record = row ->> key
			ORDER BY c.revision DESC, c.ordinal DESC LIMIT 1) THEN
		RAISE EXCEPTION 'The identifier % of % was retracted and must not be reused.', row ->> key, TG_TABLE_NAME
			USING ERRCODE = 'integrity_constraint_violation', TABLE = TG_TABLE_NAME, COLUMN = key,
			HINT = 'Set cybertreaty.reinstate to on if this restores the same record.';
	END IF;

	latest := public.raise_revision();
	IF whole IS NOT NULL THEN
		EXECUTE format('UPDATE public.%I SET revision = $1, updated_at = $2 WHERE id = $3 AND revision <> $1', whole)
			USING latest.revision, latest.changed_at, row ->> key;
		EXECUTE format('SELECT w.country, to_jsonb(w) ->> ''treaty'' FROM public.%I AS w WHERE w.id = $1', whole)
			INTO country, treaty USING row ->> key;
		-- The whole record was deleted together with its parts: use its last recorded change.
		IF country IS NULL THEN
			SELECT c.country, c.treaty INTO country, treaty FROM public.change AS c
			WHERE c.relation = whole AND c.record = row ->> key
			ORDER BY c.revision DESC, c.ordinal DESC LIMIT 1;
		END IF;
	END IF;

	INSERT INTO public.change (revision, ordinal, operation, kind, by, relation, record, country,
		treaty, recorded_at, replaced_by, before, after)
	SELECT latest.revision,
		coalesce((SELECT max(c.ordinal) FROM public.change AS c WHERE c.revision = latest.revision), 0) + 1,
		CASE TG_OP WHEN 'INSERT' THEN 'create' WHEN 'UPDATE' THEN 'update' ELSE 'retract' END,
		coalesce(nullif(current_setting('cybertreaty.kind', true), ''), 'correction'),
		coalesce(nullif(current_setting('cybertreaty.by', true), ''), 'editor'),
		TG_TABLE_NAME, row ->> key, country, treaty, latest.changed_at,
		CASE WHEN TG_OP = 'DELETE' AND whole IS NULL
			THEN nullif(current_setting('cybertreaty.replaced_by', true), '') END,
		old_row, new_row;
	RETURN NULL;
END
$$;

COMMENT ON FUNCTION record_change() IS 'Trigger, after a row: raises the revision and writes change when content changed. Arguments: key column; for a part, the table of the whole record.';

CREATE PROCEDURE record_changes_of(relation regclass, key text)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	EXECUTE format('CREATE TRIGGER take_dataset_lock BEFORE INSERT OR UPDATE OR DELETE ON %s
		FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock()', relation);
	EXECUTE format('CREATE TRIGGER set_revision BEFORE INSERT OR UPDATE ON %s
		FOR EACH ROW EXECUTE FUNCTION public.set_revision(%L)', relation, key);
	EXECUTE format('CREATE TRIGGER record_change AFTER INSERT OR UPDATE OR DELETE ON %s
		FOR EACH ROW EXECUTE FUNCTION public.record_change(%L)', relation, key);
	EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %s
		FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate()', relation);
END
$$;

COMMENT ON PROCEDURE record_changes_of(regclass, text) IS 'Adds change triggers to a table of records, which has revision and updated_at.';

CREATE PROCEDURE record_parts_of(relation regclass, key text, whole text)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	EXECUTE format('CREATE TRIGGER take_dataset_lock BEFORE INSERT OR UPDATE OR DELETE ON %s
		FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock()', relation);
	EXECUTE format('CREATE TRIGGER record_change AFTER INSERT OR UPDATE OR DELETE ON %s
		FOR EACH ROW EXECUTE FUNCTION public.record_change(%L, %L)', relation, key, whole);
	EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %s
		FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate()', relation);
END
$$;

COMMENT ON PROCEDURE record_parts_of(regclass, text, text) IS 'Adds change triggers to a table of parts: a change there counts as a change of the record named by its key column.';

REVOKE ALL ON FUNCTION raise_revision() FROM PUBLIC;
REVOKE ALL ON PROCEDURE record_changes_of(regclass, text), record_parts_of(regclass, text, text) FROM PUBLIC;

CALL record_changes_of('source', 'id');
CALL record_changes_of('country', 'code');
CALL record_changes_of('treaty', 'number');
CALL record_changes_of('article', 'id');
CALL record_changes_of('action', 'id');
CALL record_changes_of('statement', 'id');
CALL record_changes_of('authority', 'id');
CALL record_changes_of('strategy', 'id');
CALL record_changes_of('institution', 'id');
CALL record_changes_of('court_case', 'id');
CALL record_changes_of('legal_provision', 'id');
CALL record_changes_of('reference', 'id');
CALL record_changes_of('tool', 'id');

CALL record_parts_of('statement_article', 'statement_id', 'statement');
CALL record_parts_of('strategy_priority', 'strategy_id', 'strategy');
CALL record_parts_of('strategy_goal', 'strategy_id', 'strategy');
CALL record_parts_of('strategy_document', 'strategy_id', 'strategy');
CALL record_parts_of('court_case_article', 'court_case_id', 'court_case');

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON change
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON dataset_revision
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
