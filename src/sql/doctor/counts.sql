-- The number of rows of each table of facts.
SELECT counted.relation, counted.rows
FROM (VALUES
	(1, 'country', (SELECT count(*) FROM country)),
	(2, 'treaty', (SELECT count(*) FROM treaty)),
	(3, 'article', (SELECT count(*) FROM article)),
	(4, 'action', (SELECT count(*) FROM action)),
	(5, 'statement', (SELECT count(*) FROM statement)),
	(6, 'statement_register', (SELECT count(*) FROM statement_register)),
	(7, 'territory_effect', (SELECT count(*) FROM territory_effect)),
	(8, 'authority', (SELECT count(*) FROM authority)),
	(9, 'strategy', (SELECT count(*) FROM strategy)),
	(10, 'institution', (SELECT count(*) FROM institution)),
	(11, 'court_case', (SELECT count(*) FROM court_case)),
	(12, 'legal_provision', (SELECT count(*) FROM legal_provision)),
	(13, 'reference', (SELECT count(*) FROM reference)),
	(14, 'tool', (SELECT count(*) FROM tool)),
	(15, 'source', (SELECT count(*) FROM source)),
	(16, 'change', (SELECT count(*) FROM change))
) AS counted (position, relation, rows)
ORDER BY counted.position
