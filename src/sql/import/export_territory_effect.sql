-- territory_effects.csv. Rows are in the order in which they were first recorded, that
-- of the imported files.
WITH first AS (
	SELECT record, min(ARRAY[revision, ordinal]) AS at
	FROM change WHERE relation = 'territory_effect' GROUP BY record
)
SELECT e.id, e.territory, e.treaty, e.effect, e.effect_from, e.statement, e.note_en, e.note_fr,
	e.source_id
FROM territory_effect AS e LEFT JOIN first ON first.record = e.id
ORDER BY first.at, e.id
