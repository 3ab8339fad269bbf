-- The schema as the migrations make it. Made by tests/schema_dump; not to be edited.

CREATE FUNCTION public.after_three_months(act date) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
	SELECT (date_trunc('month', act + interval '3 months') + interval '1 month')::date
$$;

COMMENT ON FUNCTION public.after_three_months(act date) IS 'The first day of the month after three full months: when a consent to be bound, or a denunciation, takes effect.';

CREATE FUNCTION public.article_fits(article text, wanted text[]) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $_$
	SELECT article ~ ('^(' || replace(array_to_string(wanted, '|'), '.', '[.]') || ')([.]|$)')
$_$;

COMMENT ON FUNCTION public.article_fits(article text, wanted text[]) IS 'Whether an article equals one of the wanted ones or continues it after a dot: 6 finds 6.3, not 64.';

CREATE FUNCTION public.article_order(article text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
	SELECT regexp_replace(article, '\m([0-9])\M', '0\1', 'g')
$$;

COMMENT ON FUNCTION public.article_order(article text) IS 'A text that sorts as the article stands in its treaty.';

CREATE FUNCTION public.articles_under(wanted text[]) RETURNS TABLE(treaty text, article text)
    LANGUAGE plpgsql STABLE ROWS 2 PARALLEL SAFE
    AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY SELECT a.treaty, a.article FROM article AS a WHERE article_fits(a.article, wanted);
END
$$;

COMMENT ON FUNCTION public.articles_under(wanted text[]) IS 'The wanted articles that are on record, and those that continue them after a dot: see article_fits.';

CREATE FUNCTION public.change_operation(relation text, operation text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE COST 1000 PARALLEL SAFE
    AS $$
BEGIN
	RETURN CASE WHEN relation = ANY ('{statement_article,strategy_priority,strategy_goal,strategy_document,court_case_article}')
		THEN 'update' ELSE operation END;
END
$$;

COMMENT ON FUNCTION public.change_operation(relation text, operation text) IS 'What a change did to its record: a part that comes or goes updates the whole.';

CREATE FUNCTION public.changed_members(before jsonb, after jsonb) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
BEGIN
	RETURN ARRAY(SELECT name FROM jsonb_object_keys(before || after) AS name
		WHERE before -> name IS DISTINCT FROM after -> name ORDER BY name COLLATE "C");
END
$$;

COMMENT ON FUNCTION public.changed_members(before jsonb, after jsonb) IS 'The names of the members that differ; none when one of the rows is NULL.';

CREATE FUNCTION public.check_country_not_named() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
	holder text;
BEGIN
	SELECT s.id INTO holder FROM public.statement AS s
	WHERE s.territories @> ARRAY[OLD.code]
	AND NOT EXISTS (SELECT FROM public.country AS c WHERE c.code = OLD.code)
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'Statement % names the territory %: it cannot be removed while it does.', holder, OLD.code
			USING ERRCODE = 'foreign_key_violation', TABLE = 'statement', COLUMN = 'territories';
	END IF;
	RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.check_country_not_named() IS 'Trigger: a territory that a statement names stays.';

CREATE FUNCTION public.check_statement_lists() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
	missing text;
BEGIN
	SELECT wanted INTO missing
	FROM public.statement AS s, unnest(s.superseded_by) AS wanted
	WHERE s.id = NEW.id AND NOT EXISTS (SELECT FROM public.statement AS o WHERE o.id = wanted
		AND o.country = s.country AND o.treaty = s.treaty)
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'Statement % is superseded by %, which is no statement of the same country and treaty.', NEW.id, missing
			USING ERRCODE = 'foreign_key_violation', TABLE = 'statement', COLUMN = 'superseded_by';
	END IF;

	SELECT wanted INTO missing
	FROM public.statement AS s, unnest(s.territories) AS wanted
	WHERE s.id = NEW.id AND NOT EXISTS (SELECT FROM public.country AS c WHERE c.code = wanted)
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'Statement % names the territory %, which is no country or territory of ISO 3166-1.', NEW.id, missing
			USING ERRCODE = 'foreign_key_violation', TABLE = 'statement', COLUMN = 'territories';
	END IF;
	RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.check_statement_lists() IS 'Trigger: every member of superseded_by and territories exists.';

CREATE FUNCTION public.check_statement_not_named() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
	holder text;
BEGIN
	SELECT s.id INTO holder FROM public.statement AS s
	WHERE s.superseded_by @> ARRAY[OLD.id]
	AND NOT EXISTS (SELECT FROM public.statement AS o WHERE o.id = OLD.id
		AND o.country = s.country AND o.treaty = s.treaty)
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'Statement % supersedes %: it cannot be removed or moved while it does.', OLD.id, holder
			USING ERRCODE = 'foreign_key_violation', TABLE = 'statement', COLUMN = 'superseded_by';
	END IF;
	RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.check_statement_not_named() IS 'Trigger: a statement that another names in superseded_by stays.';

CREATE FUNCTION public.findings_on(day date) RETURNS TABLE(country text, treaty text, state text, basis text, reason_en text, reason_fr text, invited_on date, signed_on date, consented_on date, consent text, in_force_on date, denounced_on date, source_id text)
    LANGUAGE sql STABLE ROWS 250 PARALLEL SAFE
    AS $$
	SELECT f.country, f.treaty, r.state, r.basis, r.reason_en, r.reason_fr,
		f.invited_on,
		CASE WHEN f.signed_on <= day THEN f.signed_on END,
		CASE WHEN f.consented_on <= day THEN f.consented_on END,
		CASE WHEN r.consented OR f.consented_on <= day THEN split_part(f.consent, ' ', 3) END,
		-- While the treaty itself was not in force nobody could tell the day for a State.
		CASE WHEN r.consented AND day >= least(f.force_on, f.treaty_force_on) THEN f.force_on END,
		f.denounced_on,
		CASE r.act WHEN 'treaty' THEN f.source_id
			ELSE split_part(CASE r.act WHEN 'signature' THEN f.signature WHEN 'consent' THEN f.consent
				WHEN 'force' THEN f.force WHEN 'denunciation' THEN f.denunciation
				WHEN 'invitation' THEN f.invitation END, ' ', 2) END
	FROM (
		SELECT p.*, t.opened_on, t.source_id, t.entered_into_force_on AS treaty_force_on,
			after_three_months(p.denounced_by) AS ended_on,
			CASE
				-- An entry into force from before a denunciation says nothing of a consent after it.
				WHEN p.recorded_force_on > after_three_months(p.denounced_by)
					OR ((p.consented_on > p.denounced_by) IS NOT TRUE AND p.recorded_force_on IS NOT NULL)
				THEN p.recorded_force_on
				WHEN p.consented_on IS NOT NULL AND t.entered_into_force_on IS NOT NULL
				THEN greatest(after_three_months(p.consented_on), t.entered_into_force_on)
			END AS force_on
		FROM (
			SELECT a.country, a.treaty,
				max(a.date) FILTER (WHERE a.action = 'invitation' AND a.date <= day) AS invited_on,
				max(a.known_by) FILTER (WHERE a.action = 'invitation' AND a.known_by <= day) AS invited_by,
				max(a.label) FILTER (WHERE a.action = 'invitation' AND a.known_by <= day) AS invitation,
				min(a.date) FILTER (WHERE a.action = 'signature') AS signed_on,
				min(a.known_by) FILTER (WHERE a.action = 'signature' AND a.date IS NULL) AS signed_by,
				min(a.label) FILTER (WHERE a.action = 'signature') AS signature,
				coalesce(max(a.date) FILTER (WHERE a.consent AND a.date <= day),
					min(a.date) FILTER (WHERE a.consent)) AS consented_on,
				min(a.known_by) FILTER (WHERE a.consent AND a.date IS NULL) AS consented_by,
				coalesce(max(a.label) FILTER (WHERE a.consent AND a.date <= day),
					min(a.label) FILTER (WHERE a.consent AND a.date IS NOT NULL),
					min(a.label) FILTER (WHERE a.consent)) AS consent,
				bool_or(a.consent AND a.action <> 'accession') AS must_have_signed,
				coalesce(max(a.date) FILTER (WHERE a.action = 'entry_into_force' AND a.date <= day),
					min(a.date) FILTER (WHERE a.action = 'entry_into_force')) AS recorded_force_on,
				min(a.known_by) FILTER (WHERE a.action = 'entry_into_force' AND a.date IS NULL) AS force_by,
				coalesce(max(a.label) FILTER (WHERE a.action = 'entry_into_force' AND a.date <= day),
					min(a.label) FILTER (WHERE a.action = 'entry_into_force')) AS force,
				max(a.date) FILTER (WHERE a.action = 'denunciation' AND a.date <= day) AS denounced_on,
				max(a.known_by) FILTER (WHERE a.action = 'denunciation' AND a.known_by <= day) AS denounced_by,
				max(a.label) FILTER (WHERE a.action = 'denunciation' AND a.known_by <= day) AS denunciation
			FROM (
				SELECT a.country, a.treaty, a.action, a.date,
					coalesce(a.date, s.as_of, s.retrieved_on) AS known_by,
					a.action = ANY ('{ratification,accession,acceptance,approval,definitive_signature}') AS consent,
					concat_ws(' ', coalesce(a.date, s.as_of, s.retrieved_on) - date '1500-01-01' + 100000,
						a.source_id, a.action) COLLATE "C" AS label
				FROM action AS a
				JOIN source AS s ON s.id = a.source_id
			) AS a
			GROUP BY a.country, a.treaty
		) AS p
		JOIN treaty AS t ON t.number = p.treaty
	) AS f
	JOIN (VALUES
		('not_open', 'none', 'recorded', 'treaty', false, NULL, NULL),
		('denounced', 'former_party', 'computed', 'denunciation', true,
			'Computed from the denunciation, which takes effect on the first day of the month after three full months.',
			'Calculé à partir de la dénonciation, qui prend effet le premier jour du mois qui suit trois mois complets.'),
		('in_force', 'party', 'recorded', 'force', true, NULL, NULL),
		('in_force_by_consent', 'party', 'computed', 'consent', true,
			'Computed from the consent to be bound: in force from the first day of the month after three full months, since no day of entry into force is on record.',
			'Calculé à partir du consentement à être lié : en vigueur dès le premier jour du mois qui suit trois mois complets, aucun jour d’entrée en vigueur n’étant enregistré.'),
		('consented', 'ratified', 'recorded', 'consent', true, NULL, NULL),
		('force_with_treaty', 'unknown', 'recorded', 'consent', false,
			'The day of the consent to be bound is not on record and cannot be counted back, because the treaty entered into force for this State on the day of its own entry into force.',
			'Le jour du consentement à être lié n’est pas enregistré et ne peut être compté à rebours, le traité étant entré en vigueur pour cet État le jour de sa propre entrée en vigueur.'),
		('consented_before_force', 'ratified', 'computed', 'force', true,
			'Computed from the entry into force: the consent to be bound, whose day is not on record, was given at least three full months before.',
			'Calculé à partir de l’entrée en vigueur : le consentement à être lié, dont le jour n’est pas enregistré, a été donné au moins trois mois complets auparavant.'),
		('consented_in_month', 'unknown', 'recorded', 'consent', false,
			'The day of the consent to be bound is not on record; counted back from the entry into force it lies in this month.',
			'Le jour du consentement à être lié n’est pas enregistré ; compté à rebours à partir de l’entrée en vigueur, il se situe dans ce mois.'),
		('in_force_by_knowledge', 'party', 'computed', 'consent', true,
			'Computed from the day by which the consent to be bound was known: its own day is not on record, but three full months have passed since.',
			'Calculé à partir du jour auquel le consentement à être lié était connu : son propre jour n’est pas enregistré, mais trois mois complets se sont écoulés depuis.'),
		('consent_undated', 'unknown', 'recorded', 'consent', false,
			'A consent to be bound is on record without its day and without a day of entry into force, so it is not certain what held on this day.',
			'Un consentement à être lié est enregistré sans son jour ni celui de l’entrée en vigueur ; la situation à ce jour n’est donc pas certaine.'),
		('signed', 'signatory', 'recorded', 'signature', false, NULL, NULL),
		('signature_undated', 'unknown', 'recorded', 'signature', false,
			'A signature is on record without its day, and it may have been given before or after this day.',
			'Une signature est enregistrée sans son jour ; elle a pu être donnée avant ou après ce jour.'),
		('signature_missing', 'unknown', 'recorded', 'consent', false,
			'A later consent to be bound shows that this State must have signed before, but no signature is on record.',
			'Un consentement ultérieur à être lié montre que cet État a dû signer auparavant, mais aucune signature n’est enregistrée.'),
		('invited', 'invited', 'recorded', 'invitation', false, NULL, NULL),
		('nothing', 'none', 'recorded', 'treaty', false, NULL, NULL)
	) AS r (finding, state, basis, act, consented, reason_en, reason_fr) ON r.finding = CASE
		WHEN day < f.opened_on THEN 'not_open'
		WHEN f.ended_on <= day AND (f.force_on > f.ended_on AND f.force_on <= day) IS NOT TRUE THEN 'denounced'
		WHEN f.force_on = f.recorded_force_on AND f.force_on <= day OR f.force_by <= day THEN 'in_force'
		WHEN f.force_on <= day THEN 'in_force_by_consent'
		WHEN f.consented_on <= day THEN 'consented'
		WHEN f.consented_by IS NOT NULL AND f.recorded_force_on = f.treaty_force_on AND f.recorded_force_on > day THEN 'force_with_treaty'
		WHEN f.consented_by IS NOT NULL AND day >= f.recorded_force_on - interval '3 months' THEN 'consented_before_force'
		WHEN f.consented_by IS NOT NULL AND day >= f.recorded_force_on - interval '4 months' THEN 'consented_in_month'
		WHEN f.consented_by IS NOT NULL AND f.force_on IS NULL AND f.treaty_force_on IS NOT NULL
			AND day >= greatest(after_three_months(f.consented_by), f.treaty_force_on) THEN 'in_force_by_knowledge'
		WHEN f.consented_by IS NOT NULL AND f.force_on IS NULL THEN 'consent_undated'
		WHEN f.signed_on <= day OR f.signed_by <= day THEN 'signed'
		WHEN f.signed_by IS NOT NULL THEN 'signature_undated'
		WHEN f.must_have_signed AND f.signed_on IS NULL THEN 'signature_missing'
		WHEN f.treaty = '185' AND day < f.invited_by + interval '5 years' THEN 'invited'
		ELSE 'nothing'
	END
$$;

COMMENT ON FUNCTION public.findings_on(day date) IS 'What statuses_on gives, for the pairs of country and treaty that have an act on record.';

CREATE FUNCTION public.first_act_on(country text, treaty text) RETURNS date
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $_$
#variable_conflict use_column
BEGIN
	RETURN coalesce(
		(SELECT min(a.date) FROM action AS a WHERE a.country = $1 AND a.treaty = $2),
		(SELECT t.opened_on FROM treaty AS t WHERE t.number = $2));
END
$_$;

COMMENT ON FUNCTION public.first_act_on(country text, treaty text) IS 'Day of the first dated act of a State for a treaty, else the day on which the treaty was opened: from then on its undated statements are shown.';

CREATE FUNCTION public.first_effect_of(statements text[]) RETURNS date
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $_$
BEGIN
	RETURN (SELECT min(s.effective_from) FROM statement AS s WHERE s.id = ANY ($1));
END
$_$;

COMMENT ON FUNCTION public.first_effect_of(statements text[]) IS 'The earliest effective_from of these statements; NULL when none has one.';

CREATE FUNCTION public.fold(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
	SELECT translate(replace(replace(replace(
		regexp_replace(normalize(lower(value COLLATE "und-x-icu"), NFKD), '[\u0300-\u036f]', '', 'g'),
		'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss'), 'øłđðħıŧþ’‘', 'olddhitt''''')
$$;

COMMENT ON FUNCTION public.fold(value text) IS 'Lower case and without accents, for searching.';

CREATE FUNCTION public.is_retracted(relation text, record text) RETURNS boolean
    LANGUAGE sql STABLE
    AS $_$
	SELECT coalesce((SELECT c.operation = 'retract' FROM change AS c
		WHERE c.relation = $1 AND c.record = $2
		ORDER BY c.revision DESC, c.ordinal DESC LIMIT 1), false)
$_$;

COMMENT ON FUNCTION public.is_retracted(relation text, record text) IS 'Whether the last change of this record took it out of the dataset.';

CREATE FUNCTION public.json_members(record json, names text[]) RETURNS json
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
BEGIN
	RETURN (SELECT json_object_agg(member.key, member.value ORDER BY member.position)
		FROM json_each(record) WITH ORDINALITY AS member (key, value, position)
		WHERE member.key = ANY (names));
END
$$;

COMMENT ON FUNCTION public.json_members(record json, names text[]) IS 'The members of an object that have one of these names, in their order.';

CREATE FUNCTION public.json_with(record json, name text, value json) RETURNS json
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
	SELECT concat(left(record::text, -1), ',', to_json(name), ':', coalesce(value::text, 'null'), '}')::json
$$;

COMMENT ON FUNCTION public.json_with(record json, name text, value json) IS 'An object, which has members and ends with its brace, with one member more behind them.';

CREATE FUNCTION public.localised(en text, fr text, lang text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
	SELECT CASE WHEN lang = 'fr' THEN coalesce(fr, en) ELSE coalesce(en, fr) END
$$;

COMMENT ON FUNCTION public.localised(en text, fr text, lang text) IS 'The text in the wanted language, else in the other one.';

CREATE FUNCTION public.localised_lang(en text, fr text, lang text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
	SELECT CASE WHEN fr IS NOT NULL AND (lang = 'fr' OR en IS NULL) THEN 'fr' WHEN en IS NOT NULL THEN 'en' END
$$;

COMMENT ON FUNCTION public.localised_lang(en text, fr text, lang text) IS 'The language of what localised gives; NULL when there is no text.';

CREATE FUNCTION public.lock_dataset() RETURNS void
    LANGUAGE sql
    AS $$
	SELECT pg_catalog.pg_advisory_xact_lock(185189224)
$$;

COMMENT ON FUNCTION public.lock_dataset() IS 'Waits until no other transaction writes public content; held until the end of ours. Writers that lock rows first call this first.';

CREATE FUNCTION public.public_row(relation text, stored jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$
DECLARE
	row jsonb := stored - ARRAY['revision', 'updated_at', CASE relation
		WHEN 'statement_article' THEN 'statement_id'
		WHEN 'strategy_priority' THEN 'strategy_id'
		WHEN 'strategy_goal' THEN 'strategy_id'
		WHEN 'strategy_document' THEN 'strategy_id'
		WHEN 'court_case_article' THEN 'court_case_id'
		ELSE '' END];
	name text;
	shown text;
BEGIN
	FOR name IN SELECT substr(column_name, 1, length(column_name) - 3)
		FROM jsonb_object_keys(row) AS column_name WHERE column_name ~ '_en$' LOOP
		row := row - ARRAY[name || '_en', name || '_fr'] || jsonb_build_object(
			CASE WHEN name IN ('region', 'subregion') THEN name || '_name' ELSE name END,
			jsonb_build_object('en', row -> (name || '_en'), 'fr', row -> (name || '_fr')));
	END LOOP;
	FOR name, shown IN VALUES ('source_id', 'source'), ('statement_id', 'statement'),
		('region_code', 'region'), ('subregion_code', 'subregion'), ('ets_ref', 'reference'),
		('convention_article', 'article') LOOP
		IF row ? name THEN
			row := row - name || jsonb_build_object(shown, row -> name);
		END IF;
	END LOOP;
	RETURN row;
END
$_$;

COMMENT ON FUNCTION public.public_row(relation text, stored jsonb) IS 'A row as change holds it, with the names that records have in answers: a text in two languages is one member, sources and statements are their identifiers.';

CREATE TABLE public.dataset_revision (
    revision bigint NOT NULL,
    xid xid8 NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE public.dataset_revision IS 'One row: the newest revision of the public dataset.';

COMMENT ON COLUMN public.dataset_revision.revision IS 'Raised by one in each transaction that changes public content; 0 is the empty dataset.';

COMMENT ON COLUMN public.dataset_revision.xid IS 'The transaction that raised it last.';

COMMENT ON COLUMN public.dataset_revision.changed_at IS 'Moment of that raise; never earlier than the one before.';

CREATE FUNCTION public.raise_revision() RETURNS public.dataset_revision
    LANGUAGE plpgsql
    AS $$
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

COMMENT ON FUNCTION public.raise_revision() IS 'Raises the revision once in a transaction and notifies the channel dataset; returns the row as it then is. The dataset lock must be held.';

CREATE FUNCTION public.record_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $_$
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
	-- The question of is_retracted, spelled out: PL/pgSQL keeps the plan of a query, not of a function in SQL.
	IF TG_OP = 'INSERT' AND whole IS NULL AND coalesce(current_setting('cybertreaty.reinstate', true), '') <> 'on'
		AND 'retract' = (SELECT c.operation FROM public.change AS c
			WHERE c.relation = TG_TABLE_NAME AND c.record = row ->> key
			ORDER BY c.revision DESC, c.ordinal DESC LIMIT 1) THEN
		RAISE EXCEPTION 'The identifier % of % was retracted and is not used again.', row ->> key, TG_TABLE_NAME
			USING ERRCODE = 'integrity_constraint_violation', TABLE = TG_TABLE_NAME, COLUMN = key,
			HINT = 'Set cybertreaty.reinstate to on when it is the same record that returns.';
	END IF;

	latest := public.raise_revision();
	IF whole IS NOT NULL THEN
		EXECUTE format('UPDATE public.%I SET revision = $1, updated_at = $2 WHERE id = $3 AND revision <> $1', whole)
			USING latest.revision, latest.changed_at, row ->> key;
		EXECUTE format('SELECT w.country, to_jsonb(w) ->> ''treaty'' FROM public.%I AS w WHERE w.id = $1', whole)
			INTO country, treaty USING row ->> key;
		-- Deleted together with its parts: what was recorded of it still tells.
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
$_$;

COMMENT ON FUNCTION public.record_change() IS 'Trigger, after a row: raises the revision and writes change when content changed. Arguments: key column; of a part, the table of its whole.';

CREATE PROCEDURE public.record_changes_of(IN relation regclass, IN key text)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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

COMMENT ON PROCEDURE public.record_changes_of(IN relation regclass, IN key text) IS 'Makes a table of records with revision and updated_at part of the recorded dataset.';

CREATE PROCEDURE public.record_parts_of(IN relation regclass, IN key text, IN whole text)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
	EXECUTE format('CREATE TRIGGER take_dataset_lock BEFORE INSERT OR UPDATE OR DELETE ON %s
		FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock()', relation);
	EXECUTE format('CREATE TRIGGER record_change AFTER INSERT OR UPDATE OR DELETE ON %s
		FOR EACH ROW EXECUTE FUNCTION public.record_change(%L, %L)', relation, key, whole);
	EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %s
		FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate()', relation);
END
$$;

COMMENT ON PROCEDURE public.record_parts_of(IN relation regclass, IN key text, IN whole text) IS 'Makes a table of parts recorded: a change there counts as a change of the record named by its key column.';

CREATE FUNCTION public.refuse_truncate() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
	RAISE EXCEPTION 'TRUNCATE would leave no record of what % held; use DELETE.', TG_TABLE_NAME
		USING ERRCODE = 'feature_not_supported', TABLE = TG_TABLE_NAME;
END
$$;

COMMENT ON FUNCTION public.refuse_truncate() IS 'Trigger: row triggers do not see TRUNCATE.';

CREATE FUNCTION public.rfc3339(moment timestamp with time zone) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
BEGIN
	RETURN to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
END
$$;

COMMENT ON FUNCTION public.rfc3339(moment timestamp with time zone) IS 'A moment as text: 2026-11-23T10:00:00.000000Z.';

CREATE FUNCTION public.set_revision() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
	own CONSTANT text[] := ARRAY[TG_ARGV[0], 'revision', 'updated_at'];
	latest public.dataset_revision%ROWTYPE;
BEGIN
	-- Deeper than 1 it is record_change that marks the whole after a change of a part.
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

COMMENT ON FUNCTION public.set_revision() IS 'Trigger, before a row: gives it revision and updated_at, or keeps them when nothing else changes. Argument: key column.';

CREATE FUNCTION public.source_json(source_id text) RETURNS json
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $_$
BEGIN
	RETURN (SELECT json_build_object('id', s.id, 'url', s.url, 'title', s.title, 'publisher', s.publisher,
			'as_of', s.as_of, 'retrieved_on', s.retrieved_on)
		FROM source AS s WHERE s.id = $1);
END
$_$;

COMMENT ON FUNCTION public.source_json(source_id text) IS 'A source as records show it.';

CREATE FUNCTION public.statement_hook(treaty text, articles text[]) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $_$
	SELECT coalesce(
		(SELECT h.article FROM unnest(articles) WITH ORDINALITY AS named (article, position)
		JOIN hook AS h ON h.treaty = $1 AND named.article || '.' ^@ (h.article || '.')
		ORDER BY named.position, length(h.article) DESC LIMIT 1),
		(SELECT of_article.hook FROM unnest(articles) WITH ORDINALITY AS named (article, position)
		JOIN (VALUES ('6', '6.3'), ('9', '9.4'), ('10', '10.3'), ('11', '11.3'), ('14', '14.3'),
			('20', '14.3'), ('21', '14.3'), ('22', '22.2')) AS of_article (article, hook)
			ON of_article.article = split_part(named.article, '.', 1)
		WHERE $1 = '185' ORDER BY named.position LIMIT 1))
$_$;

COMMENT ON FUNCTION public.statement_hook(treaty text, articles text[]) IS 'The provision that allows a statement which names these articles: the hook that the first article is or lies under, else the hook of its whole article; NULL when there is none.';

CREATE TABLE public.statement (
    id text NOT NULL COLLATE pg_catalog."C",
    country text NOT NULL COLLATE pg_catalog."C",
    treaty text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    made_on date,
    effective_from date,
    withdrawn_on date,
    superseded_by text[] DEFAULT '{}'::text[] NOT NULL COLLATE pg_catalog."C",
    territories text[] DEFAULT '{}'::text[] NOT NULL COLLATE pg_catalog."C",
    hook text COLLATE pg_catalog."C",
    summary_en text NOT NULL,
    summary_fr text,
    text text,
    text_lang text COLLATE pg_catalog."C",
    text_kind text COLLATE pg_catalog."C",
    source_id text NOT NULL COLLATE pg_catalog."C",
    verified_on date,
    revision bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT statement_check CHECK ((withdrawn_on >= made_on)),
    CONSTRAINT statement_does_not_supersede_itself CHECK ((id <> ALL (superseded_by))),
    CONSTRAINT statement_id_check CHECK ((id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'::text)),
    CONSTRAINT statement_kind_check CHECK ((kind = ANY (ARRAY['reservation'::text, 'declaration'::text, 'communication'::text, 'authority'::text, 'territorial'::text, 'objection'::text]))),
    CONSTRAINT statement_summary_en_check CHECK ((summary_en <> ''::text)),
    CONSTRAINT statement_summary_fr_check CHECK ((summary_fr <> ''::text)),
    CONSTRAINT statement_superseded_by_check CHECK ((array_position(superseded_by, NULL::text) IS NULL)),
    CONSTRAINT statement_territories_check CHECK ((array_position(territories, NULL::text) IS NULL)),
    CONSTRAINT statement_text_check CHECK ((text <> ''::text)),
    CONSTRAINT statement_text_has_language_and_kind CHECK ((num_nonnulls(text, text_lang, text_kind) = ANY (ARRAY[0, 3]))),
    CONSTRAINT statement_text_kind_check CHECK ((text_kind = ANY (ARRAY['authentic'::text, 'official_translation'::text, 'unofficial_translation'::text]))),
    CONSTRAINT statement_text_lang_check CHECK ((text_lang ~ '^[a-z]{2,3}$'::text))
);

COMMENT ON TABLE public.statement IS 'A reservation, declaration, communication, designation of authorities, territorial clause or objection of a State.';

COMMENT ON COLUMN public.statement.id IS 'Identifier; never changes and is never used again.';

COMMENT ON COLUMN public.statement.country IS 'The State that made it.';

COMMENT ON COLUMN public.statement.treaty IS 'The instrument.';

COMMENT ON COLUMN public.statement.kind IS 'reservation, declaration, communication, authority (designation), territorial or objection.';

COMMENT ON COLUMN public.statement.made_on IS 'Day of deposit or registration; NULL when not known.';

COMMENT ON COLUMN public.statement.effective_from IS 'First day on which it has effect; NULL when not known.';

COMMENT ON COLUMN public.statement.withdrawn_on IS 'Day on which it was withdrawn or replaced; NULL: none seen, which does not prove that it stands.';

COMMENT ON COLUMN public.statement.superseded_by IS 'Identifiers of the statements of the same State and treaty that replaced it; empty when none is known.';

COMMENT ON COLUMN public.statement.territories IS 'Codes of the territories that it speaks of; empty when it names none.';

COMMENT ON COLUMN public.statement.hook IS 'The provision that allows it: the first of its articles that is or lies under a hook, else the hook of its article, else NULL.';

COMMENT ON COLUMN public.statement.summary_en IS 'Summary in our own words, in English.';

COMMENT ON COLUMN public.statement.summary_fr IS 'Summary in our own words, in French.';

COMMENT ON COLUMN public.statement.text IS 'Text of the statement, where it may be shown.';

COMMENT ON COLUMN public.statement.text_lang IS 'Language of that text.';

COMMENT ON COLUMN public.statement.text_kind IS 'authentic, official_translation or unofficial_translation.';

COMMENT ON COLUMN public.statement.source_id IS 'Source of this row.';

COMMENT ON COLUMN public.statement.verified_on IS 'Day on which the row was last held against its source.';

COMMENT ON COLUMN public.statement.revision IS 'Dataset revision that last changed the public content of this row or its articles; set by triggers.';

COMMENT ON COLUMN public.statement.updated_at IS 'Moment of that revision; set by triggers.';

CREATE FUNCTION public.statement_in_force(s public.statement, day date) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
	SELECT CASE WHEN s.withdrawn_on <= day THEN false
		WHEN s.superseded_by <> '{}' AND first_effect_of(s.superseded_by) <= day THEN false
		WHEN s.effective_from <= day THEN true
		WHEN s.effective_from > day OR s.made_on > day THEN false END
$$;

COMMENT ON FUNCTION public.statement_in_force(s public.statement, day date) IS 'Whether a statement has effect on a day; NULL when its dates do not tell.';

CREATE FUNCTION public.statement_shown(s public.statement, day date) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
	SELECT CASE WHEN coalesce(s.made_on, s.effective_from) > day THEN false
		WHEN coalesce(s.made_on, s.effective_from) IS NULL AND first_act_on(s.country, s.treaty) > day THEN false
		ELSE treaty_is_open(s.treaty, day) END
$$;

COMMENT ON FUNCTION public.statement_shown(s public.statement, day date) IS 'Whether a statement belongs into an answer as of a day: not before its first known date, not before the State''s first act when it has none, not before the opening of the treaty.';

CREATE FUNCTION public.statement_shown(s public.statement, day date, open text[], first_act date) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
	SELECT CASE WHEN coalesce(s.made_on, s.effective_from) > day THEN false
		WHEN coalesce(s.made_on, s.effective_from) IS NULL AND first_act > day THEN false
		ELSE s.treaty = ANY (open) END
$$;

COMMENT ON FUNCTION public.statement_shown(s public.statement, day date, open text[], first_act date) IS 'Whether a statement belongs into an answer as of a day: not before its first known date, not before the first dated act of its State for the treaty when it has none, not before the opening of the treaty. open: the treaties that were open on that day.';

CREATE FUNCTION public.status_on(wanted text, day date) RETURNS TABLE(country text, treaty text, state text, basis text, reason_en text, reason_fr text, invited_on date, signed_on date, consented_on date, consent text, in_force_on date, denounced_on date, source_id text)
    LANGUAGE sql STABLE ROWS 250 PARALLEL SAFE
    AS $$
	SELECT s.* FROM statuses_on(day) AS s WHERE s.treaty = wanted
$$;

COMMENT ON FUNCTION public.status_on(wanted text, day date) IS 'Where every country stands with one treaty on a day, one row each: see statuses_on. A condition on country reaches the acts.';

CREATE FUNCTION public.statuses_on(day date) RETURNS TABLE(country text, treaty text, state text, basis text, reason_en text, reason_fr text, invited_on date, signed_on date, consented_on date, consent text, in_force_on date, denounced_on date, source_id text)
    LANGUAGE sql STABLE ROWS 750 PARALLEL SAFE
    AS $$
	SELECT f.country, f.treaty, f.state, f.basis, f.reason_en, f.reason_fr, f.invited_on, f.signed_on,
		f.consented_on, f.consent, f.in_force_on, f.denounced_on, f.source_id
	FROM findings_on(day) AS f
	UNION ALL
	SELECT n.country, n.treaty,
		CASE WHEN n.unknown THEN 'unknown' ELSE 'none' END,
		'recorded',
		CASE WHEN n.unknown THEN 'No act of this State is on record, and the record of acts for this treaty is not complete.' END,
		CASE WHEN n.unknown THEN 'Aucun acte de cet État n’est enregistré, et le relevé des actes relatifs à ce traité n’est pas complet.' END,
		NULL, NULL, NULL, NULL, NULL, NULL, n.source_id
	FROM (
		SELECT c.code AS country, t.number AS treaty, t.source_id,
			day >= t.opened_on AND NOT t.acts_complete AND CASE
				WHEN t.number = '185' THEN true
				WHEN v.country IS NULL THEN NOT k.acts_complete
				ELSE v.state NOT IN ('none', 'invited')
			END AS unknown
		FROM country AS c
		CROSS JOIN treaty AS t
		LEFT JOIN treaty AS k ON k.number = '185'
		LEFT JOIN findings_on(day) AS v ON v.country = c.code AND v.treaty = '185' AND NOT t.acts_complete
		WHERE NOT EXISTS (SELECT FROM action AS a WHERE a.country = c.code AND a.treaty = t.number)
	) AS n
$$;

COMMENT ON FUNCTION public.statuses_on(day date) IS 'Where every country stands with every treaty on a day, one row each. state: none, invited, signatory, ratified, party, former_party, unknown; none means neither bound nor signatory by the acts on record. basis: recorded, or computed where a day was counted from another one. reason_en, reason_fr: one sentence whenever the state is unknown or computed. The dates are those of acts that have happened by the day; in_force_on alone may lie after it, when a consent has been given to a treaty in force; NULL where not known. source_id: of the act that decided, else of the treaty.';

CREATE FUNCTION public.take_dataset_lock() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
	PERFORM public.lock_dataset();
	RETURN NULL;
END
$$;

COMMENT ON FUNCTION public.take_dataset_lock() IS 'Trigger, before a statement: writers queue.';

CREATE FUNCTION public.treaties_open_on(day date) RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
	SELECT ARRAY(SELECT t.number FROM treaty AS t WHERE t.opened_on <= day)
$$;

COMMENT ON FUNCTION public.treaties_open_on(day date) IS 'The treaties that had been opened for signature by a day.';

CREATE FUNCTION public.treaty_is_open(treaty text, day date) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $_$
BEGIN
	RETURN (SELECT t.opened_on <= $2 FROM treaty AS t WHERE t.number = $1);
END
$_$;

COMMENT ON FUNCTION public.treaty_is_open(treaty text, day date) IS 'Whether the treaty had been opened for signature by a day.';

CREATE TABLE public.action (
    id text NOT NULL COLLATE pg_catalog."C",
    country text NOT NULL COLLATE pg_catalog."C",
    treaty text NOT NULL COLLATE pg_catalog."C",
    action text NOT NULL COLLATE pg_catalog."C",
    date date,
    note_en text,
    note_fr text,
    source_id text NOT NULL COLLATE pg_catalog."C",
    verified_on date,
    revision bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT action_action_check CHECK ((action = ANY (ARRAY['signature'::text, 'ratification'::text, 'accession'::text, 'acceptance'::text, 'approval'::text, 'definitive_signature'::text, 'invitation'::text, 'entry_into_force'::text, 'denunciation'::text]))),
    CONSTRAINT action_id_check CHECK ((id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'::text)),
    CONSTRAINT action_note_en_check CHECK ((note_en <> ''::text)),
    CONSTRAINT action_note_fr_check CHECK ((note_fr <> ''::text))
);

COMMENT ON TABLE public.action IS 'A treaty act of a State, or the entry into force for it.';

COMMENT ON COLUMN public.action.id IS 'Identifier; never changes and is never used again.';

COMMENT ON COLUMN public.action.country IS 'The State.';

COMMENT ON COLUMN public.action.treaty IS 'The instrument.';

COMMENT ON COLUMN public.action.action IS 'signature, ratification, accession, acceptance, approval, definitive_signature, invitation (to accede), entry_into_force (for this State) or denunciation.';

COMMENT ON COLUMN public.action.date IS 'Day of the act; of a denunciation the day on which its notification was received. NULL: the act is proven and its day is not.';

COMMENT ON COLUMN public.action.note_en IS 'What else is known, in English.';

COMMENT ON COLUMN public.action.note_fr IS 'What else is known, in French.';

COMMENT ON COLUMN public.action.source_id IS 'Source of this row.';

COMMENT ON COLUMN public.action.verified_on IS 'Day on which the row was last held against its source.';

COMMENT ON COLUMN public.action.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';

COMMENT ON COLUMN public.action.updated_at IS 'Moment of that revision; set by triggers.';

CREATE TABLE public.article (
    id text GENERATED ALWAYS AS (((treaty || '-'::text) || article)) STORED NOT NULL COLLATE pg_catalog."C",
    treaty text NOT NULL COLLATE pg_catalog."C",
    article text NOT NULL COLLATE pg_catalog."C",
    parent text COLLATE pg_catalog."C",
    title_en text,
    title_fr text,
    chapter text,
    section text,
    source_id text NOT NULL COLLATE pg_catalog."C",
    verified_on date,
    revision bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT article_article_check CHECK ((article ~ '^[0-9]{1,2}([.][0-9a-z]+)*$'::text)),
    CONSTRAINT article_chapter_check CHECK ((chapter <> ''::text)),
    CONSTRAINT article_lies_under_parent CHECK ((regexp_replace(article, '[.]?[^.]+$'::text, ''::text) = COALESCE(parent, ''::text))),
    CONSTRAINT article_section_check CHECK ((section <> ''::text)),
    CONSTRAINT article_title_en_check CHECK ((title_en <> ''::text)),
    CONSTRAINT article_title_fr_check CHECK ((title_fr <> ''::text))
);

COMMENT ON TABLE public.article IS 'An article, or a paragraph that a statement, a hook or another record names.';

COMMENT ON COLUMN public.article.id IS 'Identifier: treaty and article, such as 185-29.4.';

COMMENT ON COLUMN public.article.treaty IS 'The instrument.';

COMMENT ON COLUMN public.article.article IS 'Number of the article or paragraph, such as 6, 6.1.b.';

COMMENT ON COLUMN public.article.parent IS 'What the paragraph lies under: 6.1 for 6.1.b; NULL for a whole article.';

COMMENT ON COLUMN public.article.title_en IS 'Heading in English; paragraphs have none.';

COMMENT ON COLUMN public.article.title_fr IS 'Heading in French, where a source shows it.';

COMMENT ON COLUMN public.article.chapter IS 'Heading of the chapter; a paragraph has that of its whole article.';

COMMENT ON COLUMN public.article.section IS 'Headings of section and title; a paragraph has those of its whole article.';

COMMENT ON COLUMN public.article.source_id IS 'Source of this row; a paragraph has that of its whole article.';

COMMENT ON COLUMN public.article.verified_on IS 'Day on which the row was last held against its source.';

COMMENT ON COLUMN public.article.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';

COMMENT ON COLUMN public.article.updated_at IS 'Moment of that revision; set by triggers.';

CREATE TABLE public.authority (
    id text NOT NULL COLLATE pg_catalog."C",
    country text NOT NULL COLLATE pg_catalog."C",
    treaty text NOT NULL COLLATE pg_catalog."C",
    article text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    place text,
    url text,
    statement_id text COLLATE pg_catalog."C",
    source_id text NOT NULL COLLATE pg_catalog."C",
    verified_on date,
    revision bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT authority_id_check CHECK ((id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'::text)),
    CONSTRAINT authority_name_check CHECK ((name <> ''::text)),
    CONSTRAINT authority_place_check CHECK ((place <> ''::text)),
    CONSTRAINT authority_role_check CHECK ((role = ANY (ARRAY['extradition'::text, 'mutual_assistance'::text, 'network_24_7'::text]))),
    CONSTRAINT authority_url_check CHECK ((url ~ '^https?://[^[:space:]]+$'::text))
);

COMMENT ON TABLE public.authority IS 'A body that a State designated for co-operation under an article. It takes its dates from its statement.';

COMMENT ON COLUMN public.authority.id IS 'Identifier; never changes and is never used again.';

COMMENT ON COLUMN public.authority.country IS 'The State.';

COMMENT ON COLUMN public.authority.treaty IS 'The instrument.';

COMMENT ON COLUMN public.authority.article IS 'The article under which it is designated.';

COMMENT ON COLUMN public.authority.role IS 'extradition, mutual_assistance or network_24_7 (point of contact).';

COMMENT ON COLUMN public.authority.name IS 'Name of the body, never of a person.';

COMMENT ON COLUMN public.authority.place IS 'Town.';

COMMENT ON COLUMN public.authority.url IS 'Its website; NULL when no source gives one.';

COMMENT ON COLUMN public.authority.statement_id IS 'The statement of the same State and treaty that designates it; NULL when not known.';

COMMENT ON COLUMN public.authority.source_id IS 'Source of this row.';

COMMENT ON COLUMN public.authority.verified_on IS 'Day on which the row was last held against its source.';

COMMENT ON COLUMN public.authority.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';

COMMENT ON COLUMN public.authority.updated_at IS 'Moment of that revision; set by triggers.';

CREATE TABLE public.change (
    revision bigint NOT NULL,
    ordinal integer NOT NULL,
    operation text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    by text NOT NULL COLLATE pg_catalog."C",
    relation text NOT NULL COLLATE pg_catalog."C",
    record text NOT NULL COLLATE pg_catalog."C",
    country text COLLATE pg_catalog."C",
    treaty text COLLATE pg_catalog."C",
    recorded_at timestamp with time zone NOT NULL,
    replaced_by text COLLATE pg_catalog."C",
    before jsonb,
    after jsonb,
    CONSTRAINT change_by_check CHECK ((by = ANY (ARRAY['import'::text, 'editor'::text, 'contribution'::text]))),
    CONSTRAINT change_has_rows_of_its_operation CHECK ((((before IS NULL) = (operation = 'create'::text)) AND ((after IS NULL) = (operation = 'retract'::text)))),
    CONSTRAINT change_kind_check CHECK ((kind = ANY (ARRAY['baseline'::text, 'legal_event'::text, 'correction'::text, 'translation'::text, 'editorial'::text]))),
    CONSTRAINT change_operation_check CHECK ((operation = ANY (ARRAY['create'::text, 'update'::text, 'retract'::text]))),
    CONSTRAINT change_ordinal_check CHECK ((ordinal > 0)),
    CONSTRAINT change_replaces_what_it_retracts CHECK (((replaced_by IS NULL) OR (operation = 'retract'::text)))
);

COMMENT ON TABLE public.change IS 'Every change of public content, written by triggers. (revision, ordinal) is the order of commits.';

COMMENT ON COLUMN public.change.revision IS 'Dataset revision that the change belongs to.';

COMMENT ON COLUMN public.change.ordinal IS 'Place within the revision, from 1.';

COMMENT ON COLUMN public.change.operation IS 'create, update or retract (an editorial removal; a withdrawn statement is an update).';

COMMENT ON COLUMN public.change.kind IS 'baseline (first import), legal_event, correction, translation or editorial; from the setting cybertreaty.kind, else correction.';

COMMENT ON COLUMN public.change.by IS 'import, editor or contribution; from the setting cybertreaty.by, else editor.';

COMMENT ON COLUMN public.change.relation IS 'The table.';

COMMENT ON COLUMN public.change.record IS 'Identifier of the record; for a part of a record that of the whole.';

COMMENT ON COLUMN public.change.country IS 'Country of the record, if it has one.';

COMMENT ON COLUMN public.change.treaty IS 'Treaty of the record, if it has one.';

COMMENT ON COLUMN public.change.recorded_at IS 'Moment of the revision.';

COMMENT ON COLUMN public.change.replaced_by IS 'Of a retraction: the record to use instead; from the setting cybertreaty.replaced_by.';

COMMENT ON COLUMN public.change.before IS 'The whole row before; NULL for a create.';

COMMENT ON COLUMN public.change.after IS 'The whole row after; NULL for a retraction.';

CREATE TABLE public.country (
    code text NOT NULL COLLATE pg_catalog."C",
    alpha3 text NOT NULL COLLATE pg_catalog."C",
    "numeric" text NOT NULL COLLATE pg_catalog."C",
    name_en text NOT NULL,
    name_fr text,
    official_name_en text,
    official_name_fr text,
    region_code text COLLATE pg_catalog."C",
    region_en text,
    region_fr text,
    subregion_code text COLLATE pg_catalog."C",
    subregion_en text,
    subregion_fr text,
    coe_member boolean,
    source_id text NOT NULL COLLATE pg_catalog."C",
    verified_on date,
    revision bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT country_alpha3_check CHECK ((alpha3 ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT country_code_check CHECK ((code ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT country_name_en_check CHECK ((name_en <> ''::text)),
    CONSTRAINT country_name_fr_check CHECK ((name_fr <> ''::text)),
    CONSTRAINT country_numeric_check CHECK (("numeric" ~ '^[0-9]{3}$'::text)),
    CONSTRAINT country_official_name_en_check CHECK ((official_name_en <> ''::text)),
    CONSTRAINT country_official_name_fr_check CHECK ((official_name_fr <> ''::text)),
    CONSTRAINT country_region_code_check CHECK ((region_code <> ''::text)),
    CONSTRAINT country_region_en_check CHECK ((region_en <> ''::text)),
    CONSTRAINT country_region_fr_check CHECK ((region_fr <> ''::text)),
    CONSTRAINT country_subregion_code_check CHECK ((subregion_code <> ''::text)),
    CONSTRAINT country_subregion_en_check CHECK ((subregion_en <> ''::text)),
    CONSTRAINT country_subregion_fr_check CHECK ((subregion_fr <> ''::text))
);

COMMENT ON TABLE public.country IS 'A country or territory of ISO 3166-1.';

COMMENT ON COLUMN public.country.code IS 'ISO 3166-1 alpha-2 code; the identifier.';

COMMENT ON COLUMN public.country.alpha3 IS 'ISO 3166-1 alpha-3 code.';

COMMENT ON COLUMN public.country."numeric" IS 'ISO 3166-1 numeric code: three digits, as text.';

COMMENT ON COLUMN public.country.name_en IS 'Short name in English.';

COMMENT ON COLUMN public.country.name_fr IS 'Short name in French.';

COMMENT ON COLUMN public.country.official_name_en IS 'Official name in English; NULL when it equals the short name or is not known.';

COMMENT ON COLUMN public.country.official_name_fr IS 'Official name in French.';

COMMENT ON COLUMN public.country.region_code IS 'UN M49 code of the region, as text.';

COMMENT ON COLUMN public.country.region_en IS 'Name of the region in English.';

COMMENT ON COLUMN public.country.region_fr IS 'Name of the region in French.';

COMMENT ON COLUMN public.country.subregion_code IS 'UN M49 code of the subregion, or the code that the data uses where M49 has none.';

COMMENT ON COLUMN public.country.subregion_en IS 'Name of the subregion in English.';

COMMENT ON COLUMN public.country.subregion_fr IS 'Name of the subregion in French.';

COMMENT ON COLUMN public.country.coe_member IS 'Whether it is a member State of the Council of Europe; NULL when not known.';

COMMENT ON COLUMN public.country.source_id IS 'Source of this row.';

COMMENT ON COLUMN public.country.verified_on IS 'Day on which the row was last held against its source.';

COMMENT ON COLUMN public.country.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';

COMMENT ON COLUMN public.country.updated_at IS 'Moment of that revision; set by triggers.';

CREATE TABLE public.court_case (
    id text NOT NULL COLLATE pg_catalog."C",
    country text NOT NULL COLLATE pg_catalog."C",
    title text,
    court text,
    decided_on date,
    citation text,
    summary_en text,
    summary_fr text,
    url text,
    source_id text NOT NULL COLLATE pg_catalog."C",
    verified_on date,
    revision bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT court_case_citation_check CHECK ((citation <> ''::text)),
    CONSTRAINT court_case_court_check CHECK ((court <> ''::text)),
    CONSTRAINT court_case_has_title_or_citation CHECK ((num_nonnulls(title, citation) > 0)),
    CONSTRAINT court_case_id_check CHECK ((id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'::text)),
    CONSTRAINT court_case_summary_en_check CHECK ((summary_en <> ''::text)),
    CONSTRAINT court_case_summary_fr_check CHECK ((summary_fr <> ''::text)),
    CONSTRAINT court_case_title_check CHECK ((title <> ''::text)),
    CONSTRAINT court_case_url_check CHECK ((url ~ '^https?://[^[:space:]]+$'::text))
);

COMMENT ON TABLE public.court_case IS 'A decision of a court, national or international, placed under the State that it concerns.';

COMMENT ON COLUMN public.court_case.id IS 'Identifier; never changes and is never used again.';

COMMENT ON COLUMN public.court_case.country IS 'The State.';

COMMENT ON COLUMN public.court_case.title IS 'Published title.';

COMMENT ON COLUMN public.court_case.court IS 'The court.';

COMMENT ON COLUMN public.court_case.decided_on IS 'Day of the decision; NULL when not shown.';

COMMENT ON COLUMN public.court_case.citation IS 'Official or neutral citation.';

COMMENT ON COLUMN public.court_case.summary_en IS 'Summary in our own words, in English.';

COMMENT ON COLUMN public.court_case.summary_fr IS 'Summary in our own words, in French.';

COMMENT ON COLUMN public.court_case.url IS 'Where the decision can be read.';

COMMENT ON COLUMN public.court_case.source_id IS 'Source of this row.';

COMMENT ON COLUMN public.court_case.verified_on IS 'Day on which the row was last held against its source.';

COMMENT ON COLUMN public.court_case.revision IS 'Dataset revision that last changed the public content of this row or its articles; set by triggers.';

COMMENT ON COLUMN public.court_case.updated_at IS 'Moment of that revision; set by triggers.';

CREATE TABLE public.court_case_article (
    court_case_id text NOT NULL COLLATE pg_catalog."C",
    "position" integer NOT NULL,
    treaty text DEFAULT '185'::text NOT NULL COLLATE pg_catalog."C",
    article text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT court_case_article_position_check CHECK (("position" > 0))
);

COMMENT ON TABLE public.court_case_article IS 'An article that a decision bears on. Part of the case: a change here is a change of it.';

COMMENT ON COLUMN public.court_case_article.court_case_id IS 'The case.';

COMMENT ON COLUMN public.court_case_article."position" IS 'Place in the list, from 1.';

COMMENT ON COLUMN public.court_case_article.treaty IS 'The instrument.';

COMMENT ON COLUMN public.court_case_article.article IS 'The article or paragraph.';

CREATE TABLE public.hook (
    treaty text NOT NULL COLLATE pg_catalog."C",
    article text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT hook_article_check CHECK ((article ~ '^[0-9]{1,2}([.][0-9a-z]+)*$'::text)),
    CONSTRAINT hook_kind_check CHECK ((kind = ANY (ARRAY['reservation'::text, 'declaration'::text]))),
    CONSTRAINT hook_treaty_check CHECK ((treaty ~ '^[0-9]{3}$'::text))
);

COMMENT ON TABLE public.hook IS 'A provision of the Convention that allows a reservation (Article 42) or a declaration (Article 40).';

COMMENT ON COLUMN public.hook.treaty IS 'The instrument. It is no foreign key: the law stands before any data is imported.';

COMMENT ON COLUMN public.hook.article IS 'The provision.';

COMMENT ON COLUMN public.hook.kind IS 'What it allows: reservation or declaration.';

CREATE TABLE public.institution (
    id text NOT NULL COLLATE pg_catalog."C",
    country text NOT NULL COLLATE pg_catalog."C",
    name_en text NOT NULL,
    name_fr text,
    name_original text,
    kind text NOT NULL COLLATE pg_catalog."C",
    role_en text,
    role_fr text,
    url text,
    source_id text NOT NULL COLLATE pg_catalog."C",
    verified_on date,
    revision bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT institution_id_check CHECK ((id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'::text)),
    CONSTRAINT institution_kind_check CHECK ((kind = ANY (ARRAY['ministry'::text, 'agency'::text, 'police'::text, 'prosecution'::text, 'judiciary'::text, 'csirt'::text, 'regulator'::text, 'contact_point'::text]))),
    CONSTRAINT institution_name_en_check CHECK ((name_en <> ''::text)),
    CONSTRAINT institution_name_fr_check CHECK ((name_fr <> ''::text)),
    CONSTRAINT institution_name_original_check CHECK ((name_original <> ''::text)),
    CONSTRAINT institution_role_en_check CHECK ((role_en <> ''::text)),
    CONSTRAINT institution_role_fr_check CHECK ((role_fr <> ''::text)),
    CONSTRAINT institution_url_check CHECK ((url ~ '^https?://[^[:space:]]+$'::text))
);

COMMENT ON TABLE public.institution IS 'A body of a country that works on cybercrime or cybersecurity.';

COMMENT ON COLUMN public.institution.id IS 'Identifier; never changes and is never used again.';

COMMENT ON COLUMN public.institution.country IS 'The country.';

COMMENT ON COLUMN public.institution.name_en IS 'Name in English, never of a person.';

COMMENT ON COLUMN public.institution.name_fr IS 'Name in French.';

COMMENT ON COLUMN public.institution.name_original IS 'Name in its own language.';

COMMENT ON COLUMN public.institution.kind IS 'ministry, agency, police, prosecution, judiciary, csirt, regulator or contact_point.';

COMMENT ON COLUMN public.institution.role_en IS 'What it does, in English.';

COMMENT ON COLUMN public.institution.role_fr IS 'What it does, in French.';

COMMENT ON COLUMN public.institution.url IS 'Its website; NULL when no source gives one.';

COMMENT ON COLUMN public.institution.source_id IS 'Source of this row.';

COMMENT ON COLUMN public.institution.verified_on IS 'Day on which the row was last held against its source.';

COMMENT ON COLUMN public.institution.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';

COMMENT ON COLUMN public.institution.updated_at IS 'Moment of that revision; set by triggers.';

CREATE TABLE public.legal_provision (
    id text NOT NULL COLLATE pg_catalog."C",
    country text NOT NULL COLLATE pg_catalog."C",
    treaty text DEFAULT '185'::text NOT NULL COLLATE pg_catalog."C",
    convention_article text NOT NULL COLLATE pg_catalog."C",
    law_title text NOT NULL,
    provision text,
    note_en text,
    note_fr text,
    url text,
    source_id text NOT NULL COLLATE pg_catalog."C",
    verified_on date,
    revision bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT legal_provision_id_check CHECK ((id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'::text)),
    CONSTRAINT legal_provision_law_title_check CHECK ((law_title <> ''::text)),
    CONSTRAINT legal_provision_note_en_check CHECK ((note_en <> ''::text)),
    CONSTRAINT legal_provision_note_fr_check CHECK ((note_fr <> ''::text)),
    CONSTRAINT legal_provision_provision_check CHECK ((provision <> ''::text)),
    CONSTRAINT legal_provision_url_check CHECK ((url ~ '^https?://[^[:space:]]+$'::text))
);

COMMENT ON TABLE public.legal_provision IS 'A provision of domestic law that implements or matches an article of the Convention.';

COMMENT ON COLUMN public.legal_provision.id IS 'Identifier; never changes and is never used again.';

COMMENT ON COLUMN public.legal_provision.country IS 'The country.';

COMMENT ON COLUMN public.legal_provision.treaty IS 'The instrument.';

COMMENT ON COLUMN public.legal_provision.convention_article IS 'The article or paragraph of the instrument.';

COMMENT ON COLUMN public.legal_provision.law_title IS 'Title of the law.';

COMMENT ON COLUMN public.legal_provision.provision IS 'Section or article of the law, as printed.';

COMMENT ON COLUMN public.legal_provision.note_en IS 'What it says and how the match was made, in English.';

COMMENT ON COLUMN public.legal_provision.note_fr IS 'What it says and how the match was made, in French.';

COMMENT ON COLUMN public.legal_provision.url IS 'Where the law can be read.';

COMMENT ON COLUMN public.legal_provision.source_id IS 'Source of this row.';

COMMENT ON COLUMN public.legal_provision.verified_on IS 'Day on which the row was last held against its source.';

COMMENT ON COLUMN public.legal_provision.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';

COMMENT ON COLUMN public.legal_provision.updated_at IS 'Moment of that revision; set by triggers.';

CREATE TABLE public.migration (
    name text NOT NULL COLLATE pg_catalog."C",
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE public.migration IS 'Steps of the schema that were applied.';

COMMENT ON COLUMN public.migration.name IS 'Name of the step: its number and what it is about.';

COMMENT ON COLUMN public.migration.checksum IS 'SHA-256 of the text of the step.';

COMMENT ON COLUMN public.migration.applied_at IS 'Moment at which it was applied.';

CREATE TABLE public.reference (
    id text NOT NULL COLLATE pg_catalog."C",
    country text NOT NULL COLLATE pg_catalog."C",
    title text NOT NULL,
    url text NOT NULL,
    source_id text NOT NULL COLLATE pg_catalog."C",
    verified_on date,
    revision bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT reference_id_check CHECK ((id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'::text)),
    CONSTRAINT reference_title_check CHECK ((title <> ''::text)),
    CONSTRAINT reference_url_check CHECK ((url ~ '^https?://[^[:space:]]+$'::text))
);

COMMENT ON TABLE public.reference IS 'A useful link of a country.';

COMMENT ON COLUMN public.reference.id IS 'Identifier; never changes and is never used again.';

COMMENT ON COLUMN public.reference.country IS 'The country.';

COMMENT ON COLUMN public.reference.title IS 'What the link leads to.';

COMMENT ON COLUMN public.reference.url IS 'The link.';

COMMENT ON COLUMN public.reference.source_id IS 'Source of this row.';

COMMENT ON COLUMN public.reference.verified_on IS 'Day on which the row was last held against its source.';

COMMENT ON COLUMN public.reference.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';

COMMENT ON COLUMN public.reference.updated_at IS 'Moment of that revision; set by triggers.';

CREATE TABLE public.source (
    id text NOT NULL COLLATE pg_catalog."C",
    url text NOT NULL,
    title text,
    publisher text,
    as_of date,
    retrieved_on date NOT NULL,
    revision bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT source_id_check CHECK ((id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'::text)),
    CONSTRAINT source_publisher_check CHECK ((publisher <> ''::text)),
    CONSTRAINT source_title_check CHECK ((title <> ''::text)),
    CONSTRAINT source_url_check CHECK ((url ~ '^https?://[^[:space:]]+$'::text))
);

COMMENT ON TABLE public.source IS 'A page or document that facts were read from.';

COMMENT ON COLUMN public.source.id IS 'Identifier; never changes and is never used again.';

COMMENT ON COLUMN public.source.url IS 'Address of the page or document; several sources may be states of one address.';

COMMENT ON COLUMN public.source.title IS 'Title as published; NULL when not seen.';

COMMENT ON COLUMN public.source.publisher IS 'Who published it, often the domain name.';

COMMENT ON COLUMN public.source.as_of IS 'The date that the source states for itself; NULL when it shows none.';

COMMENT ON COLUMN public.source.retrieved_on IS 'The day on which it was read.';

COMMENT ON COLUMN public.source.revision IS 'Dataset revision that last changed this row; set by triggers.';

COMMENT ON COLUMN public.source.updated_at IS 'Moment of that revision; set by triggers.';

CREATE TABLE public.statement_article (
    statement_id text NOT NULL COLLATE pg_catalog."C",
    "position" integer NOT NULL,
    article text NOT NULL COLLATE pg_catalog."C",
    treaty text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT statement_article_position_check CHECK (("position" > 0)),
    CONSTRAINT statement_article_role_check CHECK ((role = ANY (ARRAY['hook'::text, 'touches'::text])))
);

COMMENT ON TABLE public.statement_article IS 'An article that a statement names, in the order of the statement. Part of the statement: a change here is a change of it.';

COMMENT ON COLUMN public.statement_article.statement_id IS 'The statement.';

COMMENT ON COLUMN public.statement_article."position" IS 'Place in the list, from 1.';

COMMENT ON COLUMN public.statement_article.article IS 'The article or paragraph.';

COMMENT ON COLUMN public.statement_article.treaty IS 'The instrument; that of the statement.';

COMMENT ON COLUMN public.statement_article.role IS 'hook: the article through which the statement is allowed; touches: any other.';

CREATE TABLE public.strategy (
    id text NOT NULL COLLATE pg_catalog."C",
    country text NOT NULL COLLATE pg_catalog."C",
    title_en text NOT NULL,
    title_fr text,
    title_original text,
    kind text NOT NULL COLLATE pg_catalog."C",
    issued_by text[] DEFAULT '{}'::text[] NOT NULL,
    adopted_on date,
    period_from text COLLATE pg_catalog."C",
    period_to text COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    supersedes text COLLATE pg_catalog."C",
    summary_en text,
    summary_fr text,
    source_id text NOT NULL COLLATE pg_catalog."C",
    verified_on date,
    revision bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT strategy_check CHECK ((supersedes <> id)),
    CONSTRAINT strategy_id_check CHECK ((id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'::text)),
    CONSTRAINT strategy_issued_by_check CHECK ((array_position(issued_by, NULL::text) IS NULL)),
    CONSTRAINT strategy_kind_check CHECK ((kind = ANY (ARRAY['cybersecurity_strategy'::text, 'cybercrime_strategy'::text, 'international_cyber_strategy'::text, 'digital_strategy'::text, 'action_plan'::text]))),
    CONSTRAINT strategy_period_from_check CHECK ((period_from ~ '^[0-9]{4}$'::text)),
    CONSTRAINT strategy_period_is_in_order CHECK ((period_from <= period_to)),
    CONSTRAINT strategy_period_to_check CHECK ((period_to ~ '^[0-9]{4}$'::text)),
    CONSTRAINT strategy_status_check CHECK ((status = ANY (ARRAY['in_force'::text, 'superseded'::text, 'unknown'::text]))),
    CONSTRAINT strategy_summary_en_check CHECK ((summary_en <> ''::text)),
    CONSTRAINT strategy_summary_fr_check CHECK ((summary_fr <> ''::text)),
    CONSTRAINT strategy_title_en_check CHECK ((title_en <> ''::text)),
    CONSTRAINT strategy_title_fr_check CHECK ((title_fr <> ''::text)),
    CONSTRAINT strategy_title_original_check CHECK ((title_original <> ''::text))
);

COMMENT ON TABLE public.strategy IS 'A policy or strategy of a country on cybercrime, cybersecurity or digital matters.';

COMMENT ON COLUMN public.strategy.id IS 'Identifier; never changes and is never used again.';

COMMENT ON COLUMN public.strategy.country IS 'The country.';

COMMENT ON COLUMN public.strategy.title_en IS 'Title in English.';

COMMENT ON COLUMN public.strategy.title_fr IS 'Title in French.';

COMMENT ON COLUMN public.strategy.title_original IS 'Title in the language of the document.';

COMMENT ON COLUMN public.strategy.kind IS 'cybersecurity_strategy, cybercrime_strategy, international_cyber_strategy, digital_strategy or action_plan.';

COMMENT ON COLUMN public.strategy.issued_by IS 'Bodies that issued it, in order; empty when not known.';

COMMENT ON COLUMN public.strategy.adopted_on IS 'Day of adoption; NULL when not known to the day.';

COMMENT ON COLUMN public.strategy.period_from IS 'First year of the period it covers, as text.';

COMMENT ON COLUMN public.strategy.period_to IS 'Last year of the period it covers, as text.';

COMMENT ON COLUMN public.strategy.status IS 'in_force, superseded or unknown.';

COMMENT ON COLUMN public.strategy.supersedes IS 'The strategy of the same country that it replaces; NULL when none is known.';

COMMENT ON COLUMN public.strategy.summary_en IS 'Summary in our own words, in English.';

COMMENT ON COLUMN public.strategy.summary_fr IS 'Summary in our own words, in French.';

COMMENT ON COLUMN public.strategy.source_id IS 'Source of this row.';

COMMENT ON COLUMN public.strategy.verified_on IS 'Day on which the row was last held against its source.';

COMMENT ON COLUMN public.strategy.revision IS 'Dataset revision that last changed the public content of this row or its parts; set by triggers.';

COMMENT ON COLUMN public.strategy.updated_at IS 'Moment of that revision; set by triggers.';

CREATE TABLE public.strategy_document (
    strategy_id text NOT NULL COLLATE pg_catalog."C",
    "position" integer NOT NULL,
    title text NOT NULL,
    url text NOT NULL,
    lang text COLLATE pg_catalog."C",
    CONSTRAINT strategy_document_lang_check CHECK ((lang ~ '^[a-z]{2,3}$'::text)),
    CONSTRAINT strategy_document_position_check CHECK (("position" > 0)),
    CONSTRAINT strategy_document_title_check CHECK ((title <> ''::text)),
    CONSTRAINT strategy_document_url_check CHECK ((url ~ '^https?://[^[:space:]]+$'::text))
);

COMMENT ON TABLE public.strategy_document IS 'A document or page of a strategy. Part of the strategy: a change here is a change of it.';

COMMENT ON COLUMN public.strategy_document.strategy_id IS 'The strategy.';

COMMENT ON COLUMN public.strategy_document."position" IS 'Place in the list, from 1.';

COMMENT ON COLUMN public.strategy_document.title IS 'What it is.';

COMMENT ON COLUMN public.strategy_document.url IS 'Its address.';

COMMENT ON COLUMN public.strategy_document.lang IS 'Its language; NULL when not known.';

CREATE TABLE public.strategy_goal (
    strategy_id text NOT NULL COLLATE pg_catalog."C",
    priority integer NOT NULL,
    "position" integer NOT NULL,
    text_en text NOT NULL,
    text_fr text,
    CONSTRAINT strategy_goal_position_check CHECK (("position" > 0)),
    CONSTRAINT strategy_goal_text_en_check CHECK ((text_en <> ''::text)),
    CONSTRAINT strategy_goal_text_fr_check CHECK ((text_fr <> ''::text))
);

COMMENT ON TABLE public.strategy_goal IS 'A sub-goal under a prioritised area. Part of the strategy: a change here is a change of it.';

COMMENT ON COLUMN public.strategy_goal.strategy_id IS 'The strategy.';

COMMENT ON COLUMN public.strategy_goal.priority IS 'Position of the area that it belongs to.';

COMMENT ON COLUMN public.strategy_goal."position" IS 'Place under the area, from 1.';

COMMENT ON COLUMN public.strategy_goal.text_en IS 'The goal in English.';

COMMENT ON COLUMN public.strategy_goal.text_fr IS 'The goal in French.';

CREATE TABLE public.strategy_priority (
    strategy_id text NOT NULL COLLATE pg_catalog."C",
    "position" integer NOT NULL,
    title_en text NOT NULL,
    title_fr text,
    CONSTRAINT strategy_priority_position_check CHECK (("position" > 0)),
    CONSTRAINT strategy_priority_title_en_check CHECK ((title_en <> ''::text)),
    CONSTRAINT strategy_priority_title_fr_check CHECK ((title_fr <> ''::text))
);

COMMENT ON TABLE public.strategy_priority IS 'A prioritised area of a strategy. Part of the strategy: a change here is a change of it.';

COMMENT ON COLUMN public.strategy_priority.strategy_id IS 'The strategy.';

COMMENT ON COLUMN public.strategy_priority."position" IS 'Place in the strategy, from 1.';

COMMENT ON COLUMN public.strategy_priority.title_en IS 'Heading in English.';

COMMENT ON COLUMN public.strategy_priority.title_fr IS 'Heading in French.';

CREATE TABLE public.tool (
    id text NOT NULL COLLATE pg_catalog."C",
    title text NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    summary_en text,
    summary_fr text,
    url text NOT NULL,
    source_id text NOT NULL COLLATE pg_catalog."C",
    verified_on date,
    revision bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT tool_id_check CHECK ((id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'::text)),
    CONSTRAINT tool_kind_check CHECK ((kind = ANY (ARRAY['platform'::text, 'database'::text, 'template'::text, 'committee'::text, 'guidance_note'::text, 'course'::text, 'guide'::text, 'training_material'::text, 'report'::text, 'project'::text]))),
    CONSTRAINT tool_summary_en_check CHECK ((summary_en <> ''::text)),
    CONSTRAINT tool_summary_fr_check CHECK ((summary_fr <> ''::text)),
    CONSTRAINT tool_title_check CHECK ((title <> ''::text)),
    CONSTRAINT tool_url_check CHECK ((url ~ '^https?://[^[:space:]]+$'::text))
);

COMMENT ON TABLE public.tool IS 'A general tool, guide, course, project or database for practitioners.';

COMMENT ON COLUMN public.tool.id IS 'Identifier; never changes and is never used again.';

COMMENT ON COLUMN public.tool.title IS 'Title.';

COMMENT ON COLUMN public.tool.kind IS 'platform, database, template, committee, guidance_note, course, guide, training_material, report or project.';

COMMENT ON COLUMN public.tool.summary_en IS 'Summary in our own words, in English.';

COMMENT ON COLUMN public.tool.summary_fr IS 'Summary in our own words, in French.';

COMMENT ON COLUMN public.tool.url IS 'Its address.';

COMMENT ON COLUMN public.tool.source_id IS 'Source of this row.';

COMMENT ON COLUMN public.tool.verified_on IS 'Day on which the row was last held against its source.';

COMMENT ON COLUMN public.tool.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';

COMMENT ON COLUMN public.tool.updated_at IS 'Moment of that revision; set by triggers.';

CREATE TABLE public.treaty (
    number text NOT NULL COLLATE pg_catalog."C",
    ets_ref text NOT NULL,
    title_en text NOT NULL,
    title_fr text,
    place_opened text,
    opened_on date NOT NULL,
    entered_into_force_on date,
    url text,
    acts_complete boolean NOT NULL,
    source_id text NOT NULL COLLATE pg_catalog."C",
    verified_on date,
    revision bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT treaty_check CHECK ((entered_into_force_on >= opened_on)),
    CONSTRAINT treaty_ets_ref_check CHECK ((ets_ref <> ''::text)),
    CONSTRAINT treaty_number_check CHECK ((number ~ '^[0-9]{3}$'::text)),
    CONSTRAINT treaty_place_opened_check CHECK ((place_opened <> ''::text)),
    CONSTRAINT treaty_title_en_check CHECK ((title_en <> ''::text)),
    CONSTRAINT treaty_title_fr_check CHECK ((title_fr <> ''::text)),
    CONSTRAINT treaty_url_check CHECK ((url ~ '^https?://[^[:space:]]+$'::text))
);

COMMENT ON TABLE public.treaty IS 'A Council of Europe instrument: 185 (the Convention), 189 and 224 (its protocols).';

COMMENT ON COLUMN public.treaty.number IS 'Number in the Council of Europe Treaty Series, as text; the identifier.';

COMMENT ON COLUMN public.treaty.ets_ref IS 'Reference as printed: ETS No. 185, CETS No. 224.';

COMMENT ON COLUMN public.treaty.title_en IS 'Official title in English.';

COMMENT ON COLUMN public.treaty.title_fr IS 'Official title in French.';

COMMENT ON COLUMN public.treaty.place_opened IS 'Where it was opened for signature.';

COMMENT ON COLUMN public.treaty.opened_on IS 'Day on which it was opened for signature.';

COMMENT ON COLUMN public.treaty.entered_into_force_on IS 'Day of its entry into force; NULL while it is not in force or none is known.';

COMMENT ON COLUMN public.treaty.url IS 'Official page.';

COMMENT ON COLUMN public.treaty.acts_complete IS 'Whether every act of every State is believed to be on record; where not, a State without acts is unknown.';

COMMENT ON COLUMN public.treaty.source_id IS 'Source of this row.';

COMMENT ON COLUMN public.treaty.verified_on IS 'Day on which the row was last held against its source.';

COMMENT ON COLUMN public.treaty.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';

COMMENT ON COLUMN public.treaty.updated_at IS 'Moment of that revision; set by triggers.';

ALTER TABLE ONLY public.action
    ADD CONSTRAINT action_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.article
    ADD CONSTRAINT article_id_key UNIQUE (id);

ALTER TABLE ONLY public.article
    ADD CONSTRAINT article_pkey PRIMARY KEY (treaty, article);

ALTER TABLE ONLY public.authority
    ADD CONSTRAINT authority_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.change
    ADD CONSTRAINT change_pkey PRIMARY KEY (revision, ordinal);

ALTER TABLE ONLY public.country
    ADD CONSTRAINT country_alpha3_key UNIQUE (alpha3);

ALTER TABLE ONLY public.country
    ADD CONSTRAINT country_numeric_key UNIQUE ("numeric");

ALTER TABLE ONLY public.country
    ADD CONSTRAINT country_pkey PRIMARY KEY (code);

ALTER TABLE ONLY public.court_case_article
    ADD CONSTRAINT court_case_article_court_case_id_treaty_article_key UNIQUE (court_case_id, treaty, article) DEFERRABLE;

ALTER TABLE ONLY public.court_case_article
    ADD CONSTRAINT court_case_article_pkey PRIMARY KEY (court_case_id, "position");

ALTER TABLE ONLY public.court_case
    ADD CONSTRAINT court_case_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.hook
    ADD CONSTRAINT hook_pkey PRIMARY KEY (treaty, article);

ALTER TABLE ONLY public.institution
    ADD CONSTRAINT institution_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.legal_provision
    ADD CONSTRAINT legal_provision_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.reference
    ADD CONSTRAINT reference_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.source
    ADD CONSTRAINT source_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.statement_article
    ADD CONSTRAINT statement_article_pkey PRIMARY KEY (statement_id, "position");

ALTER TABLE ONLY public.statement_article
    ADD CONSTRAINT statement_article_statement_id_article_key UNIQUE (statement_id, article) DEFERRABLE;

ALTER TABLE ONLY public.statement
    ADD CONSTRAINT statement_id_country_treaty_key UNIQUE (id, country, treaty);

ALTER TABLE ONLY public.statement
    ADD CONSTRAINT statement_id_treaty_key UNIQUE (id, treaty);

ALTER TABLE ONLY public.statement
    ADD CONSTRAINT statement_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.strategy_document
    ADD CONSTRAINT strategy_document_pkey PRIMARY KEY (strategy_id, "position");

ALTER TABLE ONLY public.strategy_goal
    ADD CONSTRAINT strategy_goal_pkey PRIMARY KEY (strategy_id, priority, "position");

ALTER TABLE ONLY public.strategy
    ADD CONSTRAINT strategy_id_country_key UNIQUE (id, country);

ALTER TABLE ONLY public.strategy
    ADD CONSTRAINT strategy_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.strategy_priority
    ADD CONSTRAINT strategy_priority_pkey PRIMARY KEY (strategy_id, "position");

ALTER TABLE ONLY public.tool
    ADD CONSTRAINT tool_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.treaty
    ADD CONSTRAINT treaty_pkey PRIMARY KEY (number);

CREATE INDEX action_action ON public.action USING btree (action, id);

CREATE INDEX action_action_date ON public.action USING btree (action, COALESCE(date, 'infinity'::date), id);

CREATE INDEX action_action_date_down ON public.action USING btree (action, COALESCE(date, '-infinity'::date), id);

CREATE INDEX action_country_date ON public.action USING btree (country, COALESCE(date, 'infinity'::date), id);

CREATE INDEX action_country_date_down ON public.action USING btree (country, COALESCE(date, '-infinity'::date), id);

CREATE INDEX action_date ON public.action USING btree (COALESCE(date, 'infinity'::date), id);

CREATE INDEX action_date_down ON public.action USING btree (COALESCE(date, '-infinity'::date), id);

CREATE INDEX action_first ON public.action USING btree (country, treaty, date);

CREATE INDEX action_of_country ON public.action USING btree (country, id);

CREATE INDEX action_source ON public.action USING btree (source_id);

CREATE INDEX action_treaty ON public.action USING btree (treaty, id);

CREATE INDEX action_treaty_date ON public.action USING btree (treaty, COALESCE(date, 'infinity'::date), id);

CREATE INDEX action_treaty_date_down ON public.action USING btree (treaty, COALESCE(date, '-infinity'::date), id);

CREATE INDEX action_updated_at ON public.action USING btree (public.rfc3339(updated_at) COLLATE "C", id);

CREATE INDEX article_in_order ON public.article USING btree (public.article_order(article), article);

CREATE INDEX article_parent ON public.article USING btree (treaty, parent);

CREATE INDEX article_source ON public.article USING btree (source_id);

CREATE INDEX article_updated_at ON public.article USING btree (public.rfc3339(updated_at) COLLATE "C", article);

CREATE INDEX authority_country ON public.authority USING btree (country, treaty, id);

CREATE INDEX authority_country_name ON public.authority USING btree (country, "left"(name, 200) COLLATE "und-x-icu", id);

CREATE INDEX authority_name ON public.authority USING btree ("left"(name, 200) COLLATE "und-x-icu", id);

CREATE INDEX authority_of_country ON public.authority USING btree (country, id);

CREATE INDEX authority_role ON public.authority USING btree (role, id);

CREATE INDEX authority_source ON public.authority USING btree (source_id);

CREATE INDEX authority_statement ON public.authority USING btree (statement_id);

CREATE INDEX authority_treaty ON public.authority USING btree (treaty, article, id);

CREATE INDEX authority_updated_at ON public.authority USING btree (public.rfc3339(updated_at) COLLATE "C", id);

CREATE INDEX change_country ON public.change USING btree (country, revision, ordinal);

CREATE INDEX change_kind ON public.change USING btree (kind, revision, ordinal);

CREATE INDEX change_of_record ON public.change USING btree (record, revision, ordinal);

CREATE INDEX change_operation ON public.change USING btree (public.change_operation(relation, operation), revision, ordinal);

CREATE INDEX change_record ON public.change USING btree (relation, record, revision, ordinal);

CREATE INDEX change_recorded_at ON public.change USING btree (recorded_at, revision);

CREATE INDEX change_treaty ON public.change USING btree (treaty, revision, ordinal);

CREATE INDEX country_coe_member ON public.country USING btree (coe_member, code);

CREATE INDEX country_region ON public.country USING btree (region_code, code);

CREATE INDEX country_source ON public.country USING btree (source_id);

CREATE INDEX country_subregion ON public.country USING btree (subregion_code, code);

CREATE INDEX country_updated_at ON public.country USING btree (public.rfc3339(updated_at) COLLATE "C", code);

CREATE INDEX court_case_article_article ON public.court_case_article USING btree (treaty, article, court_case_id);

CREATE INDEX court_case_country ON public.court_case USING btree (country, id);

CREATE INDEX court_case_decided_on ON public.court_case USING btree (COALESCE(decided_on, 'infinity'::date), id);

CREATE INDEX court_case_decided_on_down ON public.court_case USING btree (COALESCE(decided_on, '-infinity'::date), id);

CREATE INDEX court_case_source ON public.court_case USING btree (source_id);

CREATE INDEX court_case_updated_at ON public.court_case USING btree (public.rfc3339(updated_at) COLLATE "C", id);

CREATE UNIQUE INDEX dataset_revision_one_row ON public.dataset_revision USING btree ((true));

CREATE INDEX institution_country ON public.institution USING btree (country, id);

CREATE INDEX institution_kind ON public.institution USING btree (kind, id);

CREATE INDEX institution_source ON public.institution USING btree (source_id);

CREATE INDEX institution_updated_at ON public.institution USING btree (public.rfc3339(updated_at) COLLATE "C", id);

CREATE INDEX legal_provision_article ON public.legal_provision USING btree (treaty, convention_article, id);

CREATE INDEX legal_provision_country ON public.legal_provision USING btree (country, id);

CREATE INDEX legal_provision_source ON public.legal_provision USING btree (source_id);

CREATE INDEX legal_provision_updated_at ON public.legal_provision USING btree (public.rfc3339(updated_at) COLLATE "C", id);

CREATE INDEX reference_country ON public.reference USING btree (country, id);

CREATE INDEX reference_source ON public.reference USING btree (source_id);

CREATE INDEX reference_title ON public.reference USING btree ("left"(title, 200) COLLATE "und-x-icu", id);

CREATE INDEX reference_updated_at ON public.reference USING btree (public.rfc3339(updated_at) COLLATE "C", id);

CREATE INDEX source_as_of ON public.source USING btree (COALESCE(as_of, 'infinity'::date), id);

CREATE INDEX source_as_of_down ON public.source USING btree (COALESCE(as_of, '-infinity'::date), id);

CREATE INDEX source_publisher ON public.source USING btree (publisher, id);

CREATE INDEX source_updated_at ON public.source USING btree (public.rfc3339(updated_at) COLLATE "C", id);

CREATE INDEX statement_article_article ON public.statement_article USING btree (treaty, article, statement_id);

CREATE INDEX statement_country ON public.statement USING btree (country, treaty, id);

CREATE INDEX statement_country_effective_from ON public.statement USING btree (country, COALESCE(effective_from, 'infinity'::date), id);

CREATE INDEX statement_country_effective_from_down ON public.statement USING btree (country, COALESCE(effective_from, '-infinity'::date), id);

CREATE INDEX statement_country_kind ON public.statement USING btree (country, kind, id);

CREATE INDEX statement_country_made_on ON public.statement USING btree (country, COALESCE(made_on, 'infinity'::date), id);

CREATE INDEX statement_country_made_on_down ON public.statement USING btree (country, COALESCE(made_on, '-infinity'::date), id);

CREATE INDEX statement_effective_from ON public.statement USING btree (COALESCE(effective_from, 'infinity'::date), id);

CREATE INDEX statement_effective_from_down ON public.statement USING btree (COALESCE(effective_from, '-infinity'::date), id);

CREATE INDEX statement_hook ON public.statement USING btree (treaty, hook, id);

CREATE INDEX statement_kind ON public.statement USING btree (kind, id);

CREATE INDEX statement_made_on ON public.statement USING btree (COALESCE(made_on, 'infinity'::date), id);

CREATE INDEX statement_made_on_down ON public.statement USING btree (COALESCE(made_on, '-infinity'::date), id);

CREATE INDEX statement_of_country ON public.statement USING btree (country, id);

CREATE INDEX statement_source ON public.statement USING btree (source_id);

CREATE INDEX statement_superseded_by ON public.statement USING gin (superseded_by);

CREATE INDEX statement_territories ON public.statement USING gin (territories);

CREATE INDEX statement_treaty ON public.statement USING btree (treaty, id);

CREATE INDEX statement_treaty_effective_from ON public.statement USING btree (treaty, COALESCE(effective_from, 'infinity'::date), id);

CREATE INDEX statement_treaty_effective_from_down ON public.statement USING btree (treaty, COALESCE(effective_from, '-infinity'::date), id);

CREATE INDEX statement_treaty_kind ON public.statement USING btree (treaty, kind, id);

CREATE INDEX statement_treaty_made_on ON public.statement USING btree (treaty, COALESCE(made_on, 'infinity'::date), id);

CREATE INDEX statement_treaty_made_on_down ON public.statement USING btree (treaty, COALESCE(made_on, '-infinity'::date), id);

CREATE INDEX statement_updated_at ON public.statement USING btree (public.rfc3339(updated_at) COLLATE "C", id);

CREATE INDEX strategy_adopted_on ON public.strategy USING btree (COALESCE(adopted_on, 'infinity'::date), id);

CREATE INDEX strategy_adopted_on_down ON public.strategy USING btree (COALESCE(adopted_on, '-infinity'::date), id);

CREATE INDEX strategy_country ON public.strategy USING btree (country, id);

CREATE INDEX strategy_kind ON public.strategy USING btree (kind, id);

CREATE INDEX strategy_source ON public.strategy USING btree (source_id);

CREATE INDEX strategy_status ON public.strategy USING btree (status, id);

CREATE INDEX strategy_supersedes ON public.strategy USING btree (supersedes);

CREATE INDEX strategy_updated_at ON public.strategy USING btree (public.rfc3339(updated_at) COLLATE "C", id);

CREATE INDEX tool_kind ON public.tool USING btree (kind, id);

CREATE INDEX tool_source ON public.tool USING btree (source_id);

CREATE INDEX tool_title ON public.tool USING btree ("left"(title, 200) COLLATE "und-x-icu", id);

CREATE INDEX tool_updated_at ON public.tool USING btree (public.rfc3339(updated_at) COLLATE "C", id);

CREATE INDEX treaty_source ON public.treaty USING btree (source_id);

CREATE INDEX treaty_updated_at ON public.treaty USING btree (public.rfc3339(updated_at) COLLATE "C", number);

CREATE CONSTRAINT TRIGGER check_lists AFTER INSERT OR UPDATE ON public.statement DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.check_statement_lists();

CREATE CONSTRAINT TRIGGER check_not_named AFTER DELETE ON public.country DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.check_country_not_named();

CREATE CONSTRAINT TRIGGER check_not_named AFTER DELETE OR UPDATE ON public.statement DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.check_statement_not_named();

CREATE TRIGGER record_change AFTER INSERT OR DELETE OR UPDATE ON public.action FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER record_change AFTER INSERT OR DELETE OR UPDATE ON public.article FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER record_change AFTER INSERT OR DELETE OR UPDATE ON public.authority FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER record_change AFTER INSERT OR DELETE OR UPDATE ON public.country FOR EACH ROW EXECUTE FUNCTION public.record_change('code');

CREATE TRIGGER record_change AFTER INSERT OR DELETE OR UPDATE ON public.court_case FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER record_change AFTER INSERT OR DELETE OR UPDATE ON public.court_case_article FOR EACH ROW EXECUTE FUNCTION public.record_change('court_case_id', 'court_case');

CREATE TRIGGER record_change AFTER INSERT OR DELETE OR UPDATE ON public.institution FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER record_change AFTER INSERT OR DELETE OR UPDATE ON public.legal_provision FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER record_change AFTER INSERT OR DELETE OR UPDATE ON public.reference FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER record_change AFTER INSERT OR DELETE OR UPDATE ON public.source FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER record_change AFTER INSERT OR DELETE OR UPDATE ON public.statement FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER record_change AFTER INSERT OR DELETE OR UPDATE ON public.statement_article FOR EACH ROW EXECUTE FUNCTION public.record_change('statement_id', 'statement');

CREATE TRIGGER record_change AFTER INSERT OR DELETE OR UPDATE ON public.strategy FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER record_change AFTER INSERT OR DELETE OR UPDATE ON public.strategy_document FOR EACH ROW EXECUTE FUNCTION public.record_change('strategy_id', 'strategy');

CREATE TRIGGER record_change AFTER INSERT OR DELETE OR UPDATE ON public.strategy_goal FOR EACH ROW EXECUTE FUNCTION public.record_change('strategy_id', 'strategy');

CREATE TRIGGER record_change AFTER INSERT OR DELETE OR UPDATE ON public.strategy_priority FOR EACH ROW EXECUTE FUNCTION public.record_change('strategy_id', 'strategy');

CREATE TRIGGER record_change AFTER INSERT OR DELETE OR UPDATE ON public.tool FOR EACH ROW EXECUTE FUNCTION public.record_change('id');

CREATE TRIGGER record_change AFTER INSERT OR DELETE OR UPDATE ON public.treaty FOR EACH ROW EXECUTE FUNCTION public.record_change('number');

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.action FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.article FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.authority FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.change FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.country FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.court_case FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.court_case_article FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.dataset_revision FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.institution FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.legal_provision FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.reference FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.source FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.statement FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.statement_article FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.strategy FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.strategy_document FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.strategy_goal FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.strategy_priority FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.tool FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.treaty FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_truncate();

CREATE TRIGGER set_revision BEFORE INSERT OR UPDATE ON public.action FOR EACH ROW EXECUTE FUNCTION public.set_revision('id');

CREATE TRIGGER set_revision BEFORE INSERT OR UPDATE ON public.article FOR EACH ROW EXECUTE FUNCTION public.set_revision('id');

CREATE TRIGGER set_revision BEFORE INSERT OR UPDATE ON public.authority FOR EACH ROW EXECUTE FUNCTION public.set_revision('id');

CREATE TRIGGER set_revision BEFORE INSERT OR UPDATE ON public.country FOR EACH ROW EXECUTE FUNCTION public.set_revision('code');

CREATE TRIGGER set_revision BEFORE INSERT OR UPDATE ON public.court_case FOR EACH ROW EXECUTE FUNCTION public.set_revision('id');

CREATE TRIGGER set_revision BEFORE INSERT OR UPDATE ON public.institution FOR EACH ROW EXECUTE FUNCTION public.set_revision('id');

CREATE TRIGGER set_revision BEFORE INSERT OR UPDATE ON public.legal_provision FOR EACH ROW EXECUTE FUNCTION public.set_revision('id');

CREATE TRIGGER set_revision BEFORE INSERT OR UPDATE ON public.reference FOR EACH ROW EXECUTE FUNCTION public.set_revision('id');

CREATE TRIGGER set_revision BEFORE INSERT OR UPDATE ON public.source FOR EACH ROW EXECUTE FUNCTION public.set_revision('id');

CREATE TRIGGER set_revision BEFORE INSERT OR UPDATE ON public.statement FOR EACH ROW EXECUTE FUNCTION public.set_revision('id');

CREATE TRIGGER set_revision BEFORE INSERT OR UPDATE ON public.strategy FOR EACH ROW EXECUTE FUNCTION public.set_revision('id');

CREATE TRIGGER set_revision BEFORE INSERT OR UPDATE ON public.tool FOR EACH ROW EXECUTE FUNCTION public.set_revision('id');

CREATE TRIGGER set_revision BEFORE INSERT OR UPDATE ON public.treaty FOR EACH ROW EXECUTE FUNCTION public.set_revision('number');

CREATE TRIGGER take_dataset_lock BEFORE INSERT OR DELETE OR UPDATE ON public.action FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock();

CREATE TRIGGER take_dataset_lock BEFORE INSERT OR DELETE OR UPDATE ON public.article FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock();

CREATE TRIGGER take_dataset_lock BEFORE INSERT OR DELETE OR UPDATE ON public.authority FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock();

CREATE TRIGGER take_dataset_lock BEFORE INSERT OR DELETE OR UPDATE ON public.country FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock();

CREATE TRIGGER take_dataset_lock BEFORE INSERT OR DELETE OR UPDATE ON public.court_case FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock();

CREATE TRIGGER take_dataset_lock BEFORE INSERT OR DELETE OR UPDATE ON public.court_case_article FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock();

CREATE TRIGGER take_dataset_lock BEFORE INSERT OR DELETE OR UPDATE ON public.institution FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock();

CREATE TRIGGER take_dataset_lock BEFORE INSERT OR DELETE OR UPDATE ON public.legal_provision FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock();

CREATE TRIGGER take_dataset_lock BEFORE INSERT OR DELETE OR UPDATE ON public.reference FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock();

CREATE TRIGGER take_dataset_lock BEFORE INSERT OR DELETE OR UPDATE ON public.source FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock();

CREATE TRIGGER take_dataset_lock BEFORE INSERT OR DELETE OR UPDATE ON public.statement FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock();

CREATE TRIGGER take_dataset_lock BEFORE INSERT OR DELETE OR UPDATE ON public.statement_article FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock();

CREATE TRIGGER take_dataset_lock BEFORE INSERT OR DELETE OR UPDATE ON public.strategy FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock();

CREATE TRIGGER take_dataset_lock BEFORE INSERT OR DELETE OR UPDATE ON public.strategy_document FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock();

CREATE TRIGGER take_dataset_lock BEFORE INSERT OR DELETE OR UPDATE ON public.strategy_goal FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock();

CREATE TRIGGER take_dataset_lock BEFORE INSERT OR DELETE OR UPDATE ON public.strategy_priority FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock();

CREATE TRIGGER take_dataset_lock BEFORE INSERT OR DELETE OR UPDATE ON public.tool FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock();

CREATE TRIGGER take_dataset_lock BEFORE INSERT OR DELETE OR UPDATE ON public.treaty FOR EACH STATEMENT EXECUTE FUNCTION public.take_dataset_lock();

ALTER TABLE ONLY public.action
    ADD CONSTRAINT action_country_fkey FOREIGN KEY (country) REFERENCES public.country(code) DEFERRABLE;

ALTER TABLE ONLY public.action
    ADD CONSTRAINT action_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.source(id) DEFERRABLE;

ALTER TABLE ONLY public.action
    ADD CONSTRAINT action_treaty_fkey FOREIGN KEY (treaty) REFERENCES public.treaty(number) DEFERRABLE;

ALTER TABLE ONLY public.article
    ADD CONSTRAINT article_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.source(id) DEFERRABLE;

ALTER TABLE ONLY public.article
    ADD CONSTRAINT article_treaty_fkey FOREIGN KEY (treaty) REFERENCES public.treaty(number) DEFERRABLE;

ALTER TABLE ONLY public.article
    ADD CONSTRAINT article_treaty_parent_fkey FOREIGN KEY (treaty, parent) REFERENCES public.article(treaty, article) DEFERRABLE;

ALTER TABLE ONLY public.authority
    ADD CONSTRAINT authority_country_fkey FOREIGN KEY (country) REFERENCES public.country(code) DEFERRABLE;

ALTER TABLE ONLY public.authority
    ADD CONSTRAINT authority_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.source(id) DEFERRABLE;

ALTER TABLE ONLY public.authority
    ADD CONSTRAINT authority_statement_id_country_treaty_fkey FOREIGN KEY (statement_id, country, treaty) REFERENCES public.statement(id, country, treaty) DEFERRABLE;

ALTER TABLE ONLY public.authority
    ADD CONSTRAINT authority_treaty_article_fkey FOREIGN KEY (treaty, article) REFERENCES public.article(treaty, article) DEFERRABLE;

ALTER TABLE ONLY public.authority
    ADD CONSTRAINT authority_treaty_fkey FOREIGN KEY (treaty) REFERENCES public.treaty(number) DEFERRABLE;

ALTER TABLE ONLY public.country
    ADD CONSTRAINT country_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.source(id) DEFERRABLE;

ALTER TABLE ONLY public.court_case_article
    ADD CONSTRAINT court_case_article_court_case_id_fkey FOREIGN KEY (court_case_id) REFERENCES public.court_case(id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE ONLY public.court_case_article
    ADD CONSTRAINT court_case_article_treaty_article_fkey FOREIGN KEY (treaty, article) REFERENCES public.article(treaty, article) DEFERRABLE;

ALTER TABLE ONLY public.court_case
    ADD CONSTRAINT court_case_country_fkey FOREIGN KEY (country) REFERENCES public.country(code) DEFERRABLE;

ALTER TABLE ONLY public.court_case
    ADD CONSTRAINT court_case_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.source(id) DEFERRABLE;

ALTER TABLE ONLY public.institution
    ADD CONSTRAINT institution_country_fkey FOREIGN KEY (country) REFERENCES public.country(code) DEFERRABLE;

ALTER TABLE ONLY public.institution
    ADD CONSTRAINT institution_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.source(id) DEFERRABLE;

ALTER TABLE ONLY public.legal_provision
    ADD CONSTRAINT legal_provision_country_fkey FOREIGN KEY (country) REFERENCES public.country(code) DEFERRABLE;

ALTER TABLE ONLY public.legal_provision
    ADD CONSTRAINT legal_provision_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.source(id) DEFERRABLE;

ALTER TABLE ONLY public.legal_provision
    ADD CONSTRAINT legal_provision_treaty_convention_article_fkey FOREIGN KEY (treaty, convention_article) REFERENCES public.article(treaty, article) DEFERRABLE;

ALTER TABLE ONLY public.reference
    ADD CONSTRAINT reference_country_fkey FOREIGN KEY (country) REFERENCES public.country(code) DEFERRABLE;

ALTER TABLE ONLY public.reference
    ADD CONSTRAINT reference_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.source(id) DEFERRABLE;

ALTER TABLE ONLY public.statement_article
    ADD CONSTRAINT statement_article_statement_id_treaty_fkey FOREIGN KEY (statement_id, treaty) REFERENCES public.statement(id, treaty) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE ONLY public.statement_article
    ADD CONSTRAINT statement_article_treaty_article_fkey FOREIGN KEY (treaty, article) REFERENCES public.article(treaty, article) DEFERRABLE;

ALTER TABLE ONLY public.statement
    ADD CONSTRAINT statement_country_fkey FOREIGN KEY (country) REFERENCES public.country(code) DEFERRABLE;

ALTER TABLE ONLY public.statement
    ADD CONSTRAINT statement_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.source(id) DEFERRABLE;

ALTER TABLE ONLY public.statement
    ADD CONSTRAINT statement_treaty_fkey FOREIGN KEY (treaty) REFERENCES public.treaty(number) DEFERRABLE;

ALTER TABLE ONLY public.statement
    ADD CONSTRAINT statement_treaty_hook_fkey FOREIGN KEY (treaty, hook) REFERENCES public.hook(treaty, article) DEFERRABLE;

ALTER TABLE ONLY public.strategy
    ADD CONSTRAINT strategy_country_fkey FOREIGN KEY (country) REFERENCES public.country(code) DEFERRABLE;

ALTER TABLE ONLY public.strategy_document
    ADD CONSTRAINT strategy_document_strategy_id_fkey FOREIGN KEY (strategy_id) REFERENCES public.strategy(id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE ONLY public.strategy_goal
    ADD CONSTRAINT strategy_goal_strategy_id_priority_fkey FOREIGN KEY (strategy_id, priority) REFERENCES public.strategy_priority(strategy_id, "position") ON DELETE CASCADE DEFERRABLE;

ALTER TABLE ONLY public.strategy_priority
    ADD CONSTRAINT strategy_priority_strategy_id_fkey FOREIGN KEY (strategy_id) REFERENCES public.strategy(id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE ONLY public.strategy
    ADD CONSTRAINT strategy_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.source(id) DEFERRABLE;

ALTER TABLE ONLY public.strategy
    ADD CONSTRAINT strategy_supersedes_country_fkey FOREIGN KEY (supersedes, country) REFERENCES public.strategy(id, country) DEFERRABLE;

ALTER TABLE ONLY public.tool
    ADD CONSTRAINT tool_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.source(id) DEFERRABLE;

ALTER TABLE ONLY public.treaty
    ADD CONSTRAINT treaty_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.source(id) DEFERRABLE;
