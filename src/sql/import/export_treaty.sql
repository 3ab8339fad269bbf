-- treaties.csv. Rows are in the order in which they were first recorded, that
-- of the imported files.
WITH first AS (
	SELECT record, min(ARRAY[revision, ordinal]) AS at
	FROM change WHERE relation = 'treaty' GROUP BY record
)
SELECT t.number, t.ets_ref, t.title_en, t.title_fr, t.place_opened, t.opened_on,
	t.entered_into_force_on, t.url, t.consents_complete::text, t.signatures_complete::text,
	t.invitations_complete::text, t.known_until, t.source_id
FROM treaty AS t LEFT JOIN first ON first.record = t.number
ORDER BY first.at, t.number
