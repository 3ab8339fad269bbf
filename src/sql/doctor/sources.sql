-- Records whose source is missing. The schema forbids it, but a restore without constraints or a
-- disabled trigger bypasses the schema.
SELECT r.relation || ' ' || r.record AS label,
	json_build_object('relation', r.relation, 'record', r.record, 'source', r.source_id) AS item
FROM (
	SELECT 'country' AS relation, code AS record, source_id FROM country
	UNION ALL SELECT 'country_name', country, source_id FROM country_name
	UNION ALL SELECT 'membership', country, source_id FROM membership
	UNION ALL SELECT 'treaty', number, source_id FROM treaty
	UNION ALL SELECT 'article', id, source_id FROM article
	UNION ALL SELECT 'article_text', article_id, source_id FROM article_text
	UNION ALL SELECT 'action', id, source_id FROM action
	UNION ALL SELECT 'statement', id, source_id FROM statement
	UNION ALL SELECT 'statement', id, text_source_id FROM statement
	UNION ALL SELECT 'statement', id, wording_source_id FROM statement
	UNION ALL SELECT 'statement', id, dates_source_id FROM statement
	UNION ALL SELECT 'statement_register', id, source_id FROM statement_register
	UNION ALL SELECT 'territory_effect', id, source_id FROM territory_effect
	UNION ALL SELECT 'authority', id, source_id FROM authority
	UNION ALL SELECT 'strategy', id, source_id FROM strategy
	UNION ALL SELECT 'institution', id, source_id FROM institution
	UNION ALL SELECT 'court_case', id, source_id FROM court_case
	UNION ALL SELECT 'legal_provision', id, source_id FROM legal_provision
	UNION ALL SELECT 'reference', id, source_id FROM reference
	UNION ALL SELECT 'tool', id, source_id FROM tool
) AS r
WHERE r.source_id IS NOT NULL AND NOT EXISTS (SELECT FROM source AS s WHERE s.id = r.source_id)
ORDER BY r.relation, r.record
