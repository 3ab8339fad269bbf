-- sources.csv. Rows are in the order in which they were first recorded, that
-- of the imported files.
WITH first AS (
	SELECT record, min(ARRAY[revision, ordinal]) AS at
	FROM change WHERE relation = 'source' GROUP BY record
)
SELECT s.id, s.url, s.title, s.publisher, s.kind, s.as_of, s.retrieved_on
FROM source AS s LEFT JOIN first ON first.record = s.id
ORDER BY first.at, s.id
