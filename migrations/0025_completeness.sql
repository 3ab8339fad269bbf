-- Completeness by kind of act, the day up to which acts are known, and two more kinds of acts.

ALTER TABLE treaty RENAME COLUMN acts_complete TO consents_complete;
ALTER TABLE treaty
	ADD COLUMN signatures_complete boolean NOT NULL DEFAULT false,
	ADD COLUMN invitations_complete boolean NOT NULL DEFAULT false,
	ADD COLUMN known_until date;

CALL rewrite_changes('treaty', $$stored - 'acts_complete' || jsonb_build_object(
	'consents_complete', stored -> 'acts_complete', 'signatures_complete', false,
	'invitations_complete', false, 'known_until', NULL)$$);

COMMENT ON COLUMN treaty.consents_complete IS 'Whether all consents to be bound of all States are considered to be on record.';
COMMENT ON COLUMN treaty.signatures_complete IS 'Whether all signatures of all States are considered to be on record.';
COMMENT ON COLUMN treaty.invitations_complete IS 'Whether all invitations to accede of all States are considered to be on record.';
COMMENT ON COLUMN treaty.known_until IS 'The day up to which the acts are known; NULL if not known.';

ALTER TABLE action DROP CONSTRAINT action_action_check;
ALTER TABLE action ADD CONSTRAINT action_action_check CHECK (action IN ('signature',
	'withdrawal_of_signature', 'ratification', 'accession', 'acceptance', 'approval', 'succession',
	'definitive_signature', 'invitation', 'entry_into_force', 'denunciation'));

COMMENT ON COLUMN action.action IS 'signature, withdrawal_of_signature, ratification, accession, acceptance, approval, succession, definitive_signature, invitation (to accede), entry_into_force (for this State) or denunciation.';

-- As before, with the new name of the column.
CREATE OR REPLACE FUNCTION statuses_on(day date) RETURNS TABLE (country text, treaty text, state text, basis text, reason_en text,
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
			day >= t.opened_on AND NOT t.consents_complete AND CASE
				WHEN t.number = '185' THEN true
				WHEN v.country IS NULL THEN NOT k.consents_complete
				ELSE v.state NOT IN ('none', 'invited')
			END AS unknown
		FROM country AS c
		CROSS JOIN treaty AS t
		LEFT JOIN treaty AS k ON k.number = '185'
		LEFT JOIN findings_on(day) AS v ON v.country = c.code AND v.treaty = '185' AND NOT t.consents_complete
		WHERE NOT EXISTS (SELECT FROM action AS a WHERE a.country = c.code AND a.treaty = t.number)
	) AS n
$$;
