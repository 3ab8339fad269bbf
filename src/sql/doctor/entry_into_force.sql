-- Days of entry into force for a State that contradict the treaty's rule: the first day of the month
-- after three full months from the consent to be bound, and not before the general entry into force. If
-- the day of the consent is not on record: the first day of any month after the general entry into
-- force, or that day itself. A succession takes effect on the day on record.
SELECT e.id || ' (' || e.recorded || coalesce('; by the rule ' || e.expected, '') || ')' AS label,
	json_build_object('relation', 'action', 'record', e.id, 'country', e.country,
		'treaty', e.treaty, 'recorded', e.recorded, 'expected', e.expected,
		'consented_on', e.consented_on) AS item
FROM (
	SELECT a.id, a.country, a.treaty, a.date AS recorded, t.entered_into_force_on, c.consented_on,
		CASE WHEN t.entered_into_force_on IS NOT NULL AND c.consented_on IS NOT NULL
			THEN greatest(after_three_months(c.consented_on), t.entered_into_force_on) END AS expected
	FROM action AS a
	JOIN treaty AS t ON t.number = a.treaty
	CROSS JOIN LATERAL (
		-- A State may denounce and consent again: the relevant consent is the last one before this entry.
		SELECT coalesce(max(o.date) FILTER (WHERE o.date <= a.date), min(o.date)) AS consented_on
		FROM action AS o
		WHERE o.country = a.country AND o.treaty = a.treaty
			AND o.action IN ('ratification', 'accession', 'acceptance', 'approval', 'definitive_signature')
	) AS c
	WHERE a.action = 'entry_into_force' AND a.date IS NOT NULL AND NOT EXISTS
		(SELECT FROM action AS o WHERE o.country = a.country AND o.treaty = a.treaty AND o.action = 'succession')
) AS e
WHERE CASE
	WHEN e.entered_into_force_on IS NULL THEN true
	WHEN e.consented_on IS NOT NULL THEN e.recorded <> e.expected
	ELSE e.recorded <> e.entered_into_force_on
		AND (e.recorded < e.entered_into_force_on OR date_part('day', e.recorded) <> 1) END
ORDER BY e.id
