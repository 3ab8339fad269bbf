-- authorities.csv. Rows are in the order in which they were first recorded, that
-- of the imported files.
WITH first AS (
	SELECT record, min(ARRAY[revision, ordinal]) AS at
	FROM change WHERE relation = 'authority' GROUP BY record
)
SELECT a.id, a.country, a.treaty, a.article, a.role, a.name, a.place, a.url, a.statement_id,
	a.source_id
FROM authority AS a LEFT JOIN first ON first.record = a.id
ORDER BY first.at, a.id
