-- Reservations that no provision on record allows, of treaties whose provisions are on record.
SELECT s.id || coalesce(' (Article ' || named.articles || ')', ' (no article)') AS label,
	json_build_object('relation', 'statement', 'record', s.id, 'country', s.country,
		'treaty', s.treaty, 'articles', named.articles, 'withdrawn_on', s.withdrawn_on) AS item
FROM statement AS s
CROSS JOIN LATERAL (
	SELECT string_agg(a.article, ', ' ORDER BY a.position) AS articles
	FROM statement_article AS a
	WHERE a.statement_id = s.id
) AS named
WHERE s.kind = 'reservation' AND s.enabling_article IS NULL
	AND EXISTS (SELECT FROM enabling_article AS e WHERE e.statement_treaty = s.treaty AND e.permits = 'reservation')
ORDER BY s.id
