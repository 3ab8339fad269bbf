-- The status of a State under a treaty on a day. Derived from the acts on record, never stored.

-- Articles 36 and 37 of the Convention, and for a denunciation Article 47.
CREATE FUNCTION after_three_months(act date) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT (date_trunc('month', act + interval '3 months') + interval '1 month')::date
$$;

COMMENT ON FUNCTION after_three_months(date) IS 'The first day of the month after three full months: when a consent to be bound, or a denunciation, takes effect.';

-- The rules for the pairs of country and treaty that have acts. From the inside out: the acts; their
-- aggregates; the day of entry into force; the first matching WHEN names the finding. The finding is
-- joined to its meaning, so that each row is decided once.
--
-- Names: an act happened `_on` its day. An undated act happened at the latest `_by` the day on which
-- it was known: its source's as_of, else the day on which the source was read.
-- Of several acts of one kind the latest past one counts, else the next future one.
--
-- A label holds the source and the action of the act that an aggregate selects. It begins with the
-- day as a number of six digits, so that labels sort by day whatever the session's DateStyle.
CREATE FUNCTION findings_on(day date) RETURNS TABLE (country text, treaty text, state text, basis text,
	reason_en text, reason_fr text, invited_on date, signed_on date, consented_on date, consent text,
	in_force_on date, denounced_on date, source_id text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 250 AS $$
	SELECT f.country, f.treaty, r.state, r.basis, r.reason_en, r.reason_fr,
		f.invited_on,
		CASE WHEN f.signed_on <= day THEN f.signed_on END,
		CASE WHEN f.consented_on <= day THEN f.consented_on END,
		CASE WHEN r.consented OR f.consented_on <= day THEN split_part(f.consent, ' ', 3) END,
		-- Before the treaty itself was in force, the day for a State was not known.
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
				-- An entry into force before a denunciation does not apply to a consent after it.
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
			'The day of the consent to be bound is not on record and cannot be counted back, because the treaty entered into force for this State on the day of its general entry into force.',
			'Le jour du consentement à être lié n’est pas enregistré et ne peut être compté à rebours, le traité étant entré en vigueur pour cet État le jour de son entrée en vigueur générale.'),
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

COMMENT ON FUNCTION findings_on(date) IS 'The rows of statuses_on for the pairs of country and treaty that have an act on record.';

-- The other pairs: a State outside the Convention cannot be bound by a protocol; otherwise the absence
-- of acts in an incomplete record proves nothing.
CREATE FUNCTION statuses_on(day date) RETURNS TABLE (country text, treaty text, state text, basis text, reason_en text,
	reason_fr text, invited_on date, signed_on date, consented_on date, consent text, in_force_on date,
	denounced_on date, source_id text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 750 AS $$
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

COMMENT ON FUNCTION statuses_on(date) IS 'The status of every country under every treaty on a day, one row each. state: none, invited, signatory, ratified, party, former_party, unknown; none means neither bound nor signatory by the acts on record. basis: recorded, or computed if a day was computed from another one. reason_en, reason_fr: an explanation if the state is unknown or computed. The dates are those of acts that have happened by the day; only in_force_on may be later, after a consent to a treaty in force; NULL if not known. source_id: of the decisive act, else of the treaty.';

CREATE FUNCTION status_on(wanted text, day date) RETURNS TABLE (country text, treaty text, state text, basis text, reason_en text,
	reason_fr text, invited_on date, signed_on date, consented_on date, consent text, in_force_on date,
	denounced_on date, source_id text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 250 AS $$
	SELECT s.* FROM statuses_on(day) AS s WHERE s.treaty = wanted
$$;

COMMENT ON FUNCTION status_on(text, date) IS 'The status of every country under one treaty on a day, one row each: see statuses_on. The planner pushes a condition on country down to the acts.';
