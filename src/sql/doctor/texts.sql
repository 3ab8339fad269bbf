-- Texts that could contain personal contact data, for a closer check: every text of a record and of its
-- history, except identifiers, codes and dates.
SELECT r.relation, r.record, m.field, left(m.value, 65536)
FROM (
	SELECT 'country' AS relation, code AS record, to_jsonb(t) AS content FROM country AS t
	UNION ALL SELECT 'country_name', country, to_jsonb(t) FROM country_name AS t
	UNION ALL SELECT 'membership', country, to_jsonb(t) FROM membership AS t
	UNION ALL SELECT 'treaty', number, to_jsonb(t) FROM treaty AS t
	UNION ALL SELECT 'article', id, to_jsonb(t) FROM article AS t
	UNION ALL SELECT 'article_text', article_id, to_jsonb(t) FROM article_text AS t
	UNION ALL SELECT 'action', id, to_jsonb(t) FROM action AS t
	UNION ALL SELECT 'statement', id, to_jsonb(t) FROM statement AS t
	UNION ALL SELECT 'statement_register', id, to_jsonb(t) FROM statement_register AS t
	UNION ALL SELECT 'territory_effect', id, to_jsonb(t) FROM territory_effect AS t
	UNION ALL SELECT 'authority', id, to_jsonb(t) FROM authority AS t
	UNION ALL SELECT 'strategy', id, to_jsonb(t) FROM strategy AS t
	UNION ALL SELECT 'strategy_priority', strategy_id, to_jsonb(t) FROM strategy_priority AS t
	UNION ALL SELECT 'strategy_goal', strategy_id, to_jsonb(t) FROM strategy_goal AS t
	UNION ALL SELECT 'strategy_document', strategy_id, to_jsonb(t) FROM strategy_document AS t
	UNION ALL SELECT 'institution', id, to_jsonb(t) FROM institution AS t
	UNION ALL SELECT 'court_case', id, to_jsonb(t) FROM court_case AS t
	UNION ALL SELECT 'legal_provision', id, to_jsonb(t) FROM legal_provision AS t
	UNION ALL SELECT 'reference', id, to_jsonb(t) FROM reference AS t
	UNION ALL SELECT 'tool', id, to_jsonb(t) FROM tool AS t
	UNION ALL SELECT 'source', id, to_jsonb(t) FROM source AS t
	UNION ALL SELECT 'change', revision || '-' || ordinal, before FROM change WHERE before IS NOT NULL
	UNION ALL SELECT 'change', revision || '-' || ordinal, after FROM change WHERE after IS NOT NULL
) AS r
CROSS JOIN LATERAL jsonb_each_text(r.content) AS m (field, value)
WHERE m.value ~* '[@0-9]|%40|[[({]at[])}]'
	AND m.field <> ALL ('{id,code,alpha3,numeric,number,source_id,text_source_id,wording_source_id,dates_source_id,article_id,
		statement,statement_id,strategy_id,
		supersedes,superseded_by,country,treaty,article,parent,convention_article,enabling_article,enabling_treaty,position,priority,
		revision,updated_at,period_from,period_to}')
	AND m.field !~ '_(on|from|to|until)$' AND m.field NOT IN ('as_of', 'date')
