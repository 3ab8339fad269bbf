-- statements.csv. Rows are in the order in which they were first recorded, that
-- of the imported files.
WITH first AS (
	SELECT record, min(ARRAY[revision, ordinal]) AS at
	FROM change WHERE relation = 'statement' GROUP BY record
)
SELECT s.id, s.country, s.treaty, s.kind,
	(SELECT string_agg(a.article, ';' ORDER BY a.position) FROM statement_article AS a
		WHERE a.statement_id = s.id),
	s.made_on, s.effective_from, s.withdrawn_on, array_to_string(s.superseded_by, ';'),
	array_to_string(s.territories, ';'), s.summary_en, s.summary_fr, s.wording_source_id,
	s.wording_lang, s.dates_source_id, s.source_id
FROM statement AS s LEFT JOIN first ON first.record = s.id
ORDER BY first.at, s.id
