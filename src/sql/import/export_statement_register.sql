-- statement_registers.csv. Rows are in the order in which they were first recorded, that
-- of the imported files.
WITH first AS (
	SELECT record, min(ARRAY[revision, ordinal]) AS at
	FROM change WHERE relation = 'statement_register' GROUP BY record
)
SELECT r.id, r.country, r.treaty, r.complete::text, r.as_of, r.note, r.source_id
FROM statement_register AS r LEFT JOIN first ON first.record = r.id
ORDER BY first.at, r.id
