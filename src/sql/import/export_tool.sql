-- tools.json: one row, the list. Its order is that in which the tools were first recorded.
WITH first AS (
	SELECT record, min(ARRAY[revision, ordinal]) AS at
	FROM change WHERE relation = 'tool' GROUP BY record
)
SELECT coalesce(json_agg(json_build_object('id', t.id, 'title', t.title, 'kind', t.kind,
	'summary_en', t.summary_en, 'summary_fr', t.summary_fr, 'url', t.url, 'source', t.source_id)
	ORDER BY first.at, t.id), '[]')
FROM tool AS t LEFT JOIN first ON first.record = t.id
