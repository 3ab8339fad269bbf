-- The status on a day with `bound`, `known_until`, and territories, which follow the acts of another
-- State. Derived from the acts on record, never stored.

DROP FUNCTION status_on(text, date);
DROP FUNCTION statuses_on(date);
DROP FUNCTION findings_on(date);

-- The rules for each pair of country and treaty. From the inside out: the acts of the State that decides,
-- which for a territory is the responsible State; their aggregates; the days on which they take effect;
-- the first matching WHEN names the finding; a protocol follows the finding under the Convention.
--
-- Names: an act happened `_on` its day. An undated act happened at the latest `_by` the day on which
-- it was known: its source's as_of, else the day on which the source was read.
-- Of several acts of one kind the latest past one counts, else the next future one.
--
-- A label holds the source and the action of the act that an aggregate selects. It begins with the
-- day as a number of six digits, so that labels sort by day whatever the session's DateStyle.
CREATE FUNCTION findings_on(day date) RETURNS TABLE (country text, type text, responsible_state text, treaty text,
	finding text, on_record boolean, consents_complete boolean, known_until date, treaty_source_id text, treaty_force_on date,
	invited_on date, invitation text, undated_invitation text, signed_on date, signature text, withdrawal text,
	consented_on date, consent text, force_on date, force text, denounced_on date, denunciation text, revision bigint,
	updated_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 750 AS $$
	SELECT f.country, f.type, f.responsible_state, f.treaty,
		CASE
			WHEN f.acts > 0 OR f.finding = 'not_open' THEN f.finding
			WHEN f.treaty <> '185' AND f.convention = ANY ('{nothing,invited,invitation_over,invitation_before_terms,invitation_undated,invitation_missing,signature_withdrawn}')
			THEN 'outside_convention'
			WHEN f.treaty = '189' AND f.acceded_to_convention AND f.consents_complete THEN 'could_only_accede'
			-- Members of the Council of Europe and the four States that took part in drafting the
			-- Convention sign it (Article 36); the others are invited after its entry into force.
			WHEN f.finding = 'nothing' AND NOT f.invitations_complete AND day >= f.treaty_force_on
				AND f.country <> ALL ('{CA,JP,US,ZA}') AND f.country NOT IN (
					SELECT m.country FROM memberships_on(day) AS m
					WHERE m.organisation = 'CoE' AND m.member IS NOT FALSE) THEN 'may_be_invited'
			ELSE f.finding
		END,
		f.consent IS NOT NULL OR f.force IS NOT NULL, f.consents_complete, f.known_until, f.source_id, f.treaty_force_on,
		f.invited_on, f.invitation, f.undated_invitation, f.signed_on, f.signature, f.withdrawal,
		f.consented_on, f.consent, f.force_on, f.force, f.denounced_on, f.denunciation,
		greatest(f.revision, f.convention_revision), greatest(f.updated_at, f.convention_updated_at)
	FROM (
		SELECT e.*,
			max(e.finding) FILTER (WHERE e.treaty = '185') OVER of_country AS convention,
			bool_or(e.acceded) FILTER (WHERE e.treaty = '185') OVER of_country AS acceded_to_convention,
			max(e.revision) FILTER (WHERE e.treaty = '185') OVER of_country AS convention_revision,
			max(e.updated_at) FILTER (WHERE e.treaty = '185') OVER of_country AS convention_updated_at
		FROM (
			SELECT p.*, CASE
				-- 1 to 4: the treaty, a denunciation, the entry into force, a dated consent
				WHEN day < p.opened_on THEN 'not_open'
				WHEN p.ended_on <= day AND (p.force_on > p.ended_on AND p.force_on <= day) IS NOT TRUE THEN 'denounced'
				WHEN p.force_on = p.recorded_force_on AND p.force_on <= day OR p.force_by <= day THEN 'in_force'
				WHEN p.force_on <= day AND p.succeeded THEN 'in_force_by_succession'
				WHEN p.force_on <= day THEN 'in_force_by_consent'
				WHEN p.consented_on <= day THEN 'consented'
				-- 5 and 6: an undated consent. From a succession no day can be counted back.
				WHEN p.consented_by IS NOT NULL AND p.succeeded AND p.recorded_force_on > day THEN 'succession_undated'
				WHEN p.consented_by IS NOT NULL AND p.recorded_force_on = p.treaty_force_on AND p.recorded_force_on > day THEN 'force_with_treaty'
				WHEN p.consented_by IS NOT NULL AND day >= p.recorded_force_on - interval '3 months' THEN 'consented_before_force'
				WHEN p.consented_by IS NOT NULL AND day >= p.recorded_force_on - interval '4 months' THEN 'consented_in_month'
				WHEN p.consented_by IS NOT NULL AND p.force_on IS NULL AND p.treaty_force_on IS NOT NULL
					AND day >= greatest(after_three_months(p.consented_by), p.treaty_force_on) THEN 'in_force_by_knowledge'
				WHEN p.consented_by IS NOT NULL AND p.force_on IS NULL THEN 'consent_undated'
				-- 7: a signature, unless it was withdrawn
				WHEN p.signed AND NOT p.withdrew AND p.withdrawal_known_by > day THEN 'withdrawal_undated'
				WHEN p.signed AND NOT p.withdrew THEN 'signed'
				WHEN p.signed_by > day AND NOT p.withdrew THEN 'signature_undated'
				WHEN p.must_have_signed AND p.signature IS NULL THEN 'signature_missing'
				-- 8: an invitation to accede to the Convention
				WHEN p.treaty = '185' AND p.invited_on IS NOT NULL
					AND (p.consent IS NOT NULL OR day < p.invited_on + interval '5 years') THEN 'invited'
				WHEN p.treaty = '185' AND p.undated_invitation IS NOT NULL AND day >= p.treaty_force_on THEN 'invitation_undated'
				WHEN p.treaty = '185' AND p.invited_on < '2013-04-10' THEN 'invitation_before_terms'
				WHEN p.treaty = '185' AND p.invited_on IS NOT NULL THEN 'invitation_over'
				WHEN p.treaty = '185' AND p.acceded AND NOT p.invited AND day >= p.treaty_force_on THEN 'invitation_missing'
				WHEN p.withdrew THEN 'signature_withdrawn'
				WHEN p.acts > 0 THEN 'nothing'
				-- 9: no act
				WHEN NOT p.consents_complete THEN 'consents_incomplete'
				WHEN NOT p.signatures_complete THEN 'signatures_incomplete'
				ELSE 'nothing'
			END AS finding
			FROM (
				SELECT a.*,
					after_three_months(a.denounced_by) AS ended_on,
					CASE
						-- An entry into force before a denunciation does not apply to a consent after it.
						WHEN a.recorded_force_on > after_three_months(a.denounced_by)
							OR ((a.consented_on > a.denounced_by) IS NOT TRUE AND a.recorded_force_on IS NOT NULL)
						THEN a.recorded_force_on
						WHEN a.consented_on IS NOT NULL AND a.treaty_force_on IS NOT NULL
						THEN greatest(CASE WHEN split_part(a.consent, ' ', 3) = 'succession' THEN a.consented_on
							ELSE after_three_months(a.consented_on) END, a.treaty_force_on)
					END AS force_on,
					split_part(a.consent, ' ', 3) = 'succession' AS succeeded,
					coalesce(a.signed_on <= day OR a.signed_by <= day, false) AS signed,
					a.withdrawn_by IS NOT NULL AND (a.signed_on <= day AND a.signed_on > a.withdrawn_by) IS NOT TRUE AS withdrew
				FROM (
					SELECT c.code AS country, c.type, c.responsible_state, t.number AS treaty, t.opened_on,
						t.entered_into_force_on AS treaty_force_on, t.consents_complete, t.signatures_complete,
						t.invitations_complete, t.known_until, t.source_id,
						count(a.id) AS acts,
						bool_or(a.action = 'invitation') AS invited,
						max(a.date) FILTER (WHERE a.action = 'invitation' AND a.date <= day) AS invited_on,
						max(a.label) FILTER (WHERE a.action = 'invitation' AND a.date <= day) AS invitation,
						min(a.label) FILTER (WHERE a.action = 'invitation' AND a.date IS NULL) AS undated_invitation,
						coalesce(max(a.date) FILTER (WHERE a.action = 'signature' AND a.date <= day),
							min(a.date) FILTER (WHERE a.action = 'signature')) AS signed_on,
						min(a.known_by) FILTER (WHERE a.action = 'signature' AND a.date IS NULL) AS signed_by,
						coalesce(max(a.label) FILTER (WHERE a.action = 'signature' AND a.date <= day),
							min(a.label) FILTER (WHERE a.action = 'signature')) AS signature,
						max(a.known_by) FILTER (WHERE a.action = 'withdrawal_of_signature' AND a.known_by <= day) AS withdrawn_by,
						min(a.known_by) FILTER (WHERE a.action = 'withdrawal_of_signature' AND a.date IS NULL) AS withdrawal_known_by,
						coalesce(max(a.label) FILTER (WHERE a.action = 'withdrawal_of_signature' AND a.known_by <= day),
							min(a.label) FILTER (WHERE a.action = 'withdrawal_of_signature')) AS withdrawal,
						coalesce(max(a.date) FILTER (WHERE a.consent AND a.date <= day),
							min(a.date) FILTER (WHERE a.consent)) AS consented_on,
						min(a.known_by) FILTER (WHERE a.consent AND a.date IS NULL) AS consented_by,
						coalesce(max(a.label) FILTER (WHERE a.consent AND a.date <= day),
							min(a.label) FILTER (WHERE a.consent AND a.date IS NOT NULL),
							min(a.label) FILTER (WHERE a.consent)) AS consent,
						bool_or(a.action = ANY ('{ratification,acceptance,approval}')) AS must_have_signed,
						bool_or(a.action = 'accession') AS acceded,
						coalesce(max(a.date) FILTER (WHERE a.action = 'entry_into_force' AND a.date <= day),
							min(a.date) FILTER (WHERE a.action = 'entry_into_force')) AS recorded_force_on,
						min(a.known_by) FILTER (WHERE a.action = 'entry_into_force' AND a.date IS NULL) AS force_by,
						coalesce(max(a.label) FILTER (WHERE a.action = 'entry_into_force' AND a.date <= day),
							min(a.label) FILTER (WHERE a.action = 'entry_into_force')) AS force,
						max(a.date) FILTER (WHERE a.action = 'denunciation' AND a.date <= day) AS denounced_on,
						max(a.known_by) FILTER (WHERE a.action = 'denunciation' AND a.known_by <= day) AS denounced_by,
						max(a.label) FILTER (WHERE a.action = 'denunciation' AND a.known_by <= day) AS denunciation,
						greatest(max(a.revision), t.revision, c.revision) AS revision,
						greatest(max(a.updated_at), t.updated_at, c.updated_at) AS updated_at
					FROM country AS c
					CROSS JOIN treaty AS t
					LEFT JOIN (
						SELECT a.id, a.country, a.treaty, a.action, a.date, a.revision, a.updated_at,
							coalesce(a.date, s.as_of, s.retrieved_on) AS known_by,
							a.action = ANY ('{ratification,acceptance,approval,accession,succession,definitive_signature}') AS consent,
							concat_ws(' ', coalesce(a.date, s.as_of, s.retrieved_on) - date '1500-01-01' + 100000,
								a.source_id, a.action) COLLATE "C" AS label
						FROM action AS a
						JOIN source AS s ON s.id = a.source_id
					) AS a ON a.treaty = t.number AND a.country =
						CASE c.type WHEN 'territory' THEN c.responsible_state WHEN 'other' THEN NULL ELSE c.code END
					GROUP BY c.code, t.number
				) AS a
			) AS p
		) AS e
		WINDOW of_country AS (PARTITION BY e.country)
	) AS f
$$;

COMMENT ON FUNCTION findings_on(date) IS 'What the acts on record say of every country under every treaty on a day, one row for each pair. A territory has the finding of its responsible State.';

-- The meaning of each finding, for a State and then for the territories that follow it. A State is `bound`
-- or not, except where the record cannot tell: `no, by the acts` is unknown while no consent is on
-- record and the record of consents is not complete.
CREATE FUNCTION statuses_on(day date) RETURNS TABLE (country text, type text, responsible_state text, treaty text,
	state text, bound boolean, basis text, reason_en text, reason_fr text, statement text, invited_on date,
	signed_on date, consented_on date, consent text, in_force_on date, denounced_on date, known_until date,
	source_id text, revision bigint, updated_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 750 AS $$
	SELECT s.country, s.type, s.responsible_state, s.treaty,
		coalesce(m.state, s.state),
		CASE WHEN m.state IS NULL THEN s.bound ELSE m.bound END,
		CASE WHEN m.state IS NULL THEN s.basis ELSE 'computed' END,
		CASE WHEN m.state IS NULL THEN s.reason_en
			WHEN m.by_declaration AND num_nonnulls(e.note_en, e.note_fr) > 0 THEN e.note_en
			ELSE format(m.reason_en, s.responsible_en, s.territorial_article) END,
		CASE WHEN m.state IS NULL THEN s.reason_fr
			WHEN m.by_declaration AND num_nonnulls(e.note_en, e.note_fr) > 0 THEN e.note_fr
			ELSE format(m.reason_fr, s.responsible_fr, s.territorial_article) END,
		CASE WHEN m.by_declaration THEN e.statement END,
		CASE WHEN m.state IS NULL THEN s.invited_on END,
		CASE WHEN m.state IS NULL THEN s.signed_on END,
		CASE WHEN m.state IS NULL THEN s.consented_on END,
		CASE WHEN m.state IS NULL THEN s.consent END,
		-- If the day of the State is not known, neither is the later of the two.
		CASE WHEN m.state IS NULL THEN s.in_force_on WHEN m.state = 'party' AND s.in_force_on IS NOT NULL
			THEN greatest(e.effect_from, s.in_force_on) END,
		CASE WHEN m.state IS NULL THEN s.denounced_on END,
		s.known_until,
		CASE WHEN m.by_declaration THEN e.source_id ELSE s.source_id END,
		greatest(s.revision, CASE WHEN m.by_declaration THEN e.revision END),
		greatest(s.updated_at, CASE WHEN m.by_declaration THEN e.updated_at END)
	FROM (
		SELECT f.country, f.type, f.responsible_state, f.treaty, r.finding, r.state, r.basis, r.reason_en, r.reason_fr,
			CASE r.bound WHEN 'yes' THEN true WHEN 'no' THEN false
				WHEN 'no, by the acts' THEN CASE WHEN f.consents_complete OR f.on_record THEN false END
			END AS bound,
			f.invited_on,
			CASE WHEN f.signed_on <= day THEN f.signed_on END AS signed_on,
			CASE WHEN f.consented_on <= day THEN f.consented_on END AS consented_on,
			CASE WHEN r.consented OR f.consented_on <= day THEN split_part(f.consent, ' ', 3) END AS consent,
			-- Before the treaty itself was in force, the day for a State was not known.
			CASE WHEN r.consented AND day >= least(f.force_on, f.treaty_force_on) THEN f.force_on END AS in_force_on,
			f.denounced_on, f.known_until,
			CASE r.act WHEN 'treaty' THEN f.treaty_source_id
				ELSE split_part(CASE r.act WHEN 'signature' THEN f.signature WHEN 'withdrawal' THEN f.withdrawal
					WHEN 'consent' THEN f.consent WHEN 'force' THEN f.force WHEN 'denunciation' THEN f.denunciation
					WHEN 'invitation' THEN f.invitation WHEN 'undated_invitation' THEN f.undated_invitation
				END, ' ', 2) END AS source_id,
			greatest(f.revision, o.revision) AS revision,
			greatest(f.updated_at, o.updated_at) AS updated_at,
			o.name_en AS responsible_en, coalesce(o.name_fr, o.name_en) AS responsible_fr,
			CASE f.treaty WHEN '185' THEN 38 WHEN '189' THEN 14 WHEN '224' THEN 18 END AS territorial_article
		FROM findings_on(day) AS f
		LEFT JOIN country AS o ON o.code = f.responsible_state
		JOIN (VALUES
			('not_open', 'none', 'no', 'recorded', 'treaty', false, NULL, NULL),
			('denounced', 'former_party', 'no', 'computed', 'denunciation', true,
				'Computed from the denunciation, which takes effect on the first day of the month after three full months.',
				'Calculé à partir de la dénonciation, qui prend effet le premier jour du mois qui suit trois mois complets.'),
			('in_force', 'party', 'yes', 'recorded', 'force', true, NULL, NULL),
			('in_force_by_succession', 'party', 'yes', 'computed', 'consent', true,
				'Computed from the succession: in force from its day, since no day of entry into force is on record.',
				'Calculé à partir de la succession : en vigueur dès son jour, aucun jour d’entrée en vigueur n’étant enregistré.'),
			('in_force_by_consent', 'party', 'yes', 'computed', 'consent', true,
				'Computed from the consent to be bound: in force from the first day of the month after three full months, since no day of entry into force is on record.',
				'Calculé à partir du consentement à être lié : en vigueur dès le premier jour du mois qui suit trois mois complets, aucun jour d’entrée en vigueur n’étant enregistré.'),
			('consented', 'ratified', 'no', 'recorded', 'consent', true, NULL, NULL),
			('succession_undated', 'unknown', 'no', 'recorded', 'consent', false,
				'The day of the succession is not on record, and it may have been notified before or after this day.',
				'Le jour de la succession n’est pas enregistré ; elle a pu être notifiée avant ou après ce jour.'),
			('force_with_treaty', 'unknown', 'no', 'recorded', 'consent', false,
				'The day of the consent to be bound is not on record and cannot be counted back, because the treaty entered into force for this State on the day of its general entry into force.',
				'Le jour du consentement à être lié n’est pas enregistré et ne peut être compté à rebours, le traité étant entré en vigueur pour cet État le jour de son entrée en vigueur générale.'),
			('consented_before_force', 'ratified', 'no', 'computed', 'force', true,
				'Computed from the entry into force: the consent to be bound, whose day is not on record, was given at least three full months before.',
				'Calculé à partir de l’entrée en vigueur : le consentement à être lié, dont le jour n’est pas enregistré, a été donné au moins trois mois complets auparavant.'),
			('consented_in_month', 'unknown', 'no', 'recorded', 'consent', false,
				'The day of the consent to be bound is not on record; counted back from the entry into force it lies in this month.',
				'Le jour du consentement à être lié n’est pas enregistré ; compté à rebours à partir de l’entrée en vigueur, il se situe dans ce mois.'),
			('in_force_by_knowledge', 'party', 'yes', 'computed', 'consent', true,
				'Computed from the day by which the consent to be bound was known: its own day is not on record, but three full months have passed since.',
				'Calculé à partir du jour auquel le consentement à être lié était connu : son propre jour n’est pas enregistré, mais trois mois complets se sont écoulés depuis.'),
			('consent_undated', 'unknown', 'unknown', 'recorded', 'consent', false,
				'A consent to be bound is on record without its day and without a day of entry into force, so it is not certain what held on this day.',
				'Un consentement à être lié est enregistré sans son jour ni celui de l’entrée en vigueur ; la situation à ce jour n’est donc pas certaine.'),
			('signed', 'signatory', 'no, by the acts', 'recorded', 'signature', false, NULL, NULL),
			('signature_undated', 'unknown', 'no, by the acts', 'recorded', 'signature', false,
				'A signature is on record without its day, and it may have been given before or after this day.',
				'Une signature est enregistrée sans son jour ; elle a pu être donnée avant ou après ce jour.'),
			('withdrawal_undated', 'unknown', 'no, by the acts', 'recorded', 'withdrawal', false,
				'The State withdrew its signature; the day is not on record, and it may lie before or after this day.',
				'L’État a retiré sa signature ; le jour n’est pas enregistré et peut se situer avant ou après ce jour.'),
			('signature_missing', 'unknown', 'no, by the acts', 'recorded', 'consent', false,
				'A later consent to be bound shows that this State must have signed before, but no signature is on record.',
				'Un consentement ultérieur à être lié montre que cet État a dû signer auparavant, mais aucune signature n’est enregistrée.'),
			('invited', 'invited', 'no, by the acts', 'recorded', 'invitation', false, NULL, NULL),
			('invitation_over', 'none', 'no, by the acts', 'recorded', 'invitation', false,
				'The invitation to accede held for five years, which have passed; the term can be extended, but no extension is on record.',
				'L’invitation à adhérer valait cinq ans, qui se sont écoulés ; le délai peut être prolongé, mais aucune prolongation n’est enregistrée.'),
			('invitation_before_terms', 'unknown', 'no, by the acts', 'recorded', 'invitation', false,
				'The invitation to accede dates from before 10 April 2013, since when invitations hold for five years, so it is not certain whether it still held on this day.',
				'L’invitation à adhérer est antérieure au 10 avril 2013, date depuis laquelle une invitation vaut cinq ans ; il n’est donc pas certain qu’elle valait encore à ce jour.'),
			('invitation_undated', 'unknown', 'no, by the acts', 'recorded', 'undated_invitation', false,
				'An invitation to accede (Article 37(1)) is on record without its day, so it is not certain whether it held on this day.',
				'Une invitation à adhérer (article 37, paragraphe 1) est enregistrée sans son jour ; il n’est donc pas certain qu’elle valait à ce jour.'),
			('invitation_missing', 'unknown', 'no, by the acts', 'recorded', 'consent', false,
				'A later accession shows that this State was invited to accede before (Article 37(1)), but no invitation is on record, so it is not certain whether it was invited on this day.',
				'Une adhésion ultérieure montre que cet État a été invité à adhérer auparavant (article 37, paragraphe 1), mais aucune invitation n’est enregistrée ; il n’est donc pas certain qu’il était invité à ce jour.'),
			('signature_withdrawn', 'none', 'no, by the acts', 'recorded', 'withdrawal', false,
				'The State signed and withdrew its signature.',
				'L’État a signé, puis retiré sa signature.'),
			('outside_convention', 'none', 'no', 'recorded', 'treaty', false, NULL, NULL),
			('could_only_accede', 'none', 'no', 'recorded', 'treaty', false, NULL, NULL),
			('consents_incomplete', 'unknown', 'no, by the acts', 'recorded', 'treaty', false,
				'No act of this State is on record, and the record of consents to be bound by this treaty is not complete.',
				'Aucun acte de cet État n’est enregistré, et le relevé des consentements à être lié par ce traité n’est pas complet.'),
			('signatures_incomplete', 'unknown', 'no, by the acts', 'recorded', 'treaty', false,
				'No act of this State is on record, but it may have signed: the record of consents to be bound by this treaty is complete, that of signatures is not.',
				'Aucun acte de cet État n’est enregistré, mais il a pu signer : le relevé des consentements à être lié par ce traité est complet, celui des signatures ne l’est pas.'),
			('may_be_invited', 'none', 'no, by the acts', 'recorded', 'treaty', false,
				'No act of this State is on record, but it may have been invited to accede, since the record of invitations is not complete.',
				'Aucun acte de cet État n’est enregistré, mais il a pu être invité à adhérer, le relevé des invitations n’étant pas complet.'),
			('nothing', 'none', 'no, by the acts', 'recorded', 'treaty', false, NULL, NULL)
		) AS r (finding, state, bound, basis, act, consented, reason_en, reason_fr) ON r.finding = f.finding
	) AS s
	-- What the newest declaration in effect says of a territory.
	LEFT JOIN (
		SELECT DISTINCT ON (e.territory, e.treaty) e.territory, e.treaty, e.effect, e.effect_from, e.statement, e.note_en,
			e.note_fr, e.source_id, greatest(e.revision, d.revision) AS revision, greatest(e.updated_at, d.updated_at) AS updated_at
		FROM territory_effect AS e
		LEFT JOIN statement AS d ON d.id = e.statement
		WHERE e.effect_from <= day AND (d.withdrawn_on <= day) IS NOT TRUE
		ORDER BY e.territory, e.treaty, e.effect_from DESC, e.id DESC
	) AS e ON e.territory = s.country AND e.treaty = s.treaty
	LEFT JOIN (VALUES
		('no_state', 'unknown', NULL::boolean, false,
			'No State whose acts decide for this territory is on record.',
			'Aucun État dont les actes décident pour ce territoire n’est enregistré.'),
		('not_open', 'none', false, false,
			'The treaty was not yet open for signature on this day.',
			'Le traité n’était pas encore ouvert à la signature à ce jour.'),
		('state_not_bound', 'none', false, false,
			'The State whose acts decide for this territory (%1$s) is not bound on this day.',
			'L’État dont les actes décident pour ce territoire (%1$s) n’est pas lié à ce jour.'),
		('state_unknown', 'unknown', NULL, false,
			'The record does not tell whether the State whose acts decide for this territory (%1$s) is bound on this day.',
			'Le relevé ne permet pas de dire si l’État dont les actes décident pour ce territoire (%1$s) est lié à ce jour.'),
		('applies', 'party', true, true,
			'A declaration extends the treaty to this territory (%1$s).',
			'Une déclaration étend le traité à ce territoire (%1$s).'),
		('does_not_apply', 'none', false, true,
			'A declaration excludes this territory (%1$s).',
			'Une déclaration exclut ce territoire (%1$s).'),
		('no_declaration', 'unknown', NULL, false,
			'The State whose acts decide for this territory (%1$s) is bound, but no declaration about the territory (Article %2$s) is on record; Article 29 of the Vienna Convention on the Law of Treaties points to the entire territory of a State, but nothing on record says so here.',
			'L’État dont les actes décident pour ce territoire (%1$s) est lié, mais aucune déclaration sur le territoire (article %2$s) n’est enregistrée ; l’article 29 de la Convention de Vienne sur le droit des traités vise l’ensemble du territoire d’un État, mais rien ne le confirme ici.')
	) AS m (finding, state, bound, by_declaration, reason_en, reason_fr) ON m.finding = CASE
		WHEN s.type = 'other' AND s.finding = 'not_open' THEN 'not_open'
		WHEN s.type = 'other' THEN 'no_state'
		WHEN s.responsible_state IS NULL THEN NULL
		WHEN s.bound IS NULL THEN 'state_unknown'
		WHEN NOT s.bound THEN 'state_not_bound'
		ELSE coalesce(e.effect, 'no_declaration')
	END
$$;

COMMENT ON FUNCTION statuses_on(date) IS 'The status of every country under every treaty on a day, one row each. state: none, invited, signatory, ratified, party, former_party, unknown; none means neither bound nor signatory by the acts on record. bound: whether the treaty binds the country, by the acts known up to known_until; NULL if they do not tell. basis: recorded, or computed if a day was computed from another one or a territory follows its State. reason_en, reason_fr: an explanation if the state is unknown or computed, or none by a record that is not complete. statement: the declaration that decides for a territory. The dates are those of acts that have happened by the day; only in_force_on may be later, after a consent to a treaty in force; NULL if not known. source_id: of the decisive act or declaration, else of the treaty. revision, updated_at: the newest of the records that the row follows from.';

CREATE FUNCTION status_on(wanted text, day date) RETURNS TABLE (country text, type text, responsible_state text, treaty text,
	state text, bound boolean, basis text, reason_en text, reason_fr text, statement text, invited_on date,
	signed_on date, consented_on date, consent text, in_force_on date, denounced_on date, known_until date,
	source_id text, revision bigint, updated_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 250 AS $$
	SELECT s.* FROM statuses_on(day) AS s WHERE s.treaty = wanted
$$;

COMMENT ON FUNCTION status_on(text, date) IS 'The status of every country under one treaty on a day, one row each: see statuses_on. The planner pushes a condition on country down to the acts.';
