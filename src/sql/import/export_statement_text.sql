-- statement_texts.csv. Rows are in the order in which the statements were first recorded.
WITH first AS (
	SELECT record, min(ARRAY[revision, ordinal]) AS at
	FROM change WHERE relation = 'statement' GROUP BY record
)
SELECT s.id, s.text, s.text_lang, s.text_kind, s.text_source_id
FROM statement AS s LEFT JOIN first ON first.record = s.id
WHERE s.text IS NOT NULL
ORDER BY first.at, s.id
