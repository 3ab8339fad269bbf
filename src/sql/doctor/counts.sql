-- The number of rows of each table of facts.
SELECT counted.relation, counted.rows
FROM (VALUES
	(1, 'country', (SELECT count(*) FROM country)),
	(2, 'treaty', (SELECT count(*) FROM treaty)),
	(3, 'article', (SELECT count(*) FROM article)),
	(4, 'action', (SELECT count(*) FROM action)),
	(5, 'statement', (SELECT count(*) FROM statement)),
	(6, 'authority', (SELECT count(*) FROM authority)),
	(7, 'strategy', (SELECT count(*) FROM strategy)),
	(8, 'institution', (SELECT count(*) FROM institution)),
	(9, 'court_case', (SELECT count(*) FROM court_case)),
	(10, 'legal_provision', (SELECT count(*) FROM legal_provision)),
	(11, 'reference', (SELECT count(*) FROM reference)),
	(12, 'tool', (SELECT count(*) FROM tool)),
	(13, 'source', (SELECT count(*) FROM source)),
	(14, 'change', (SELECT count(*) FROM change))
) AS counted (position, relation, rows)
ORDER BY counted.position
