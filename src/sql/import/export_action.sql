-- actions.csv. Rows are in the order in which they were first recorded, that
-- of the imported files.
WITH first AS (
	SELECT record, min(ARRAY[revision, ordinal]) AS at
	FROM change WHERE relation = 'action' GROUP BY record
)
SELECT a.id, a.country, a.treaty, a.action, a.date, a.note_en, a.note_fr, a.source_id
FROM action AS a LEFT JOIN first ON first.record = a.id
ORDER BY first.at, a.id
