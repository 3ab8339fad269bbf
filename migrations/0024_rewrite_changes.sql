-- Migrations that rename, drop or add columns also rewrite the rows in `change`, so that rows rebuilt
-- from `change` equal the tables.

CREATE PROCEDURE rewrite_changes(relation text, expression text)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	PERFORM public.lock_dataset();
	EXECUTE format('UPDATE public.change AS c SET
			before = (SELECT %1$s FROM (SELECT c.before AS stored) AS r WHERE c.before IS NOT NULL),
			after = (SELECT %1$s FROM (SELECT c.after AS stored) AS r WHERE c.after IS NOT NULL)
		WHERE c.relation = %2$L', expression, relation);
END
$$;

COMMENT ON PROCEDURE rewrite_changes(text, text) IS 'Replaces the rows before and after each change of a relation. Arguments: the relation; an expression over stored, the row as jsonb.';

REVOKE ALL ON PROCEDURE rewrite_changes(text, text) FROM PUBLIC;

-- As before, but the whole record of a part may also be a country, whose key is its code, or have no
-- country.
CREATE OR REPLACE FUNCTION record_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	key CONSTANT text := TG_ARGV[0];
	whole CONSTANT text := TG_ARGV[1];
	whole_key CONSTANT text := CASE whole WHEN 'country' THEN 'code' ELSE 'id' END;
	old_row CONSTANT jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
	new_row CONSTANT jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
	row CONSTANT jsonb := coalesce(new_row, old_row);
	latest public.dataset_revision%ROWTYPE;
	country text := CASE TG_TABLE_NAME WHEN 'country' THEN row ->> 'code'
		WHEN 'territory_effect' THEN row ->> 'territory' ELSE row ->> 'country' END;
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
	IF whole = 'country' THEN
		country := row ->> key;
	END IF;
	IF whole IS NOT NULL THEN
		EXECUTE format('UPDATE public.%I SET revision = $1, updated_at = $2 WHERE %I = $3 AND revision <> $1', whole, whole_key)
			USING latest.revision, latest.changed_at, row ->> key;
		IF country IS NULL THEN
			EXECUTE format('SELECT to_jsonb(w) ->> ''country'', to_jsonb(w) ->> ''treaty'' FROM public.%I AS w WHERE w.%I = $1', whole, whole_key)
				INTO country, treaty USING row ->> key;
		END IF;
		-- The whole record was deleted together with its parts: use its last recorded change.
		IF country IS NULL AND treaty IS NULL THEN
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
