-- The checks that need more than one row. A value that is wrong in itself is NULL here.

SELECT pg_temp.check_unique('source', 'id'), pg_temp.check_unique('country', 'code'),
	pg_temp.check_unique('country', 'alpha3'), pg_temp.check_unique('country', 'numeric'),
	pg_temp.check_unique('treaty', 'number'), pg_temp.check_unique('article', 'treaty, article'),
	pg_temp.check_unique('action', 'id'), pg_temp.check_unique('statement', 'id'),
	pg_temp.check_unique('authority', 'id'), pg_temp.check_unique('strategy', 'id'),
	pg_temp.check_unique('strategy_priority', 'parent::text, position'),
	pg_temp.check_unique('strategy_goal', 'parent::text, position'),
	pg_temp.check_unique('institution', 'id'), pg_temp.check_unique('court_case', 'id'),
	pg_temp.check_unique('legal_provision', 'id'), pg_temp.check_unique('reference', 'id'),
	pg_temp.check_unique('tool', 'id');

SELECT pg_temp.check_names(relation, 'source', 'source', 'id', 'a source of sources.csv')
FROM unnest(ARRAY['country', 'treaty', 'article', 'action', 'statement', 'authority', 'strategy',
	'institution', 'court_case', 'legal_provision', 'reference', 'tool']) AS relation;

SELECT pg_temp.check_names(relation, 'country', 'country', 'code', 'a country of countries.csv')
FROM unnest(ARRAY['action', 'statement', 'authority', 'profile']) AS relation;

SELECT pg_temp.check_names('statement', 'territories', 'country', 'code', 'a country of countries.csv', true);

SELECT pg_temp.check_names(relation, 'treaty', 'treaty', 'number', 'a treaty of treaties.csv')
FROM unnest(ARRAY['article', 'action', 'statement', 'authority']) AS relation;

-- A paragraph needs its whole article only.
INSERT INTO problem (entry, field, reason)
SELECT n.entry, n.field, format('%s belongs to no article of treaty %s in articles.csv', n.article, n.treaty)
FROM (SELECT entry, 'articles' AS field, treaty, unnest(articles::text[]) COLLATE "C" AS article
		FROM stage_statement
	UNION ALL SELECT entry, 'article', treaty, article FROM stage_authority
	UNION ALL SELECT entry, 'articles', '185', unnest(articles::text[]) FROM stage_court_case
	UNION ALL SELECT entry, 'convention_article', '185', convention_article FROM stage_legal_provision) AS n
WHERE n.article IS NOT NULL
AND EXISTS (SELECT FROM stage_treaty AS t WHERE t.number = n.treaty)
AND NOT EXISTS (SELECT FROM stage_article AS a
	WHERE a.treaty = n.treaty AND a.article = split_part(n.article, '.', 1))
AND NOT EXISTS (SELECT FROM incomplete AS i WHERE i.relation = 'article');

INSERT INTO problem (entry, field, reason)
SELECT n.entry, n.field,
	format('''%s'' is not a statement of the same country and treaty in statements.csv', n.named)
FROM (SELECT entry, 'superseded_by' AS field, country, treaty,
		unnest(superseded_by::text[]) COLLATE "C" AS named FROM stage_statement
	UNION ALL SELECT entry, 'statement', country, treaty, statement FROM stage_authority) AS n
WHERE n.named IS NOT NULL
AND NOT EXISTS (SELECT FROM stage_statement AS s WHERE s.id = n.named
	AND coalesce(s.country = n.country, true) AND coalesce(s.treaty = n.treaty, true))
AND NOT EXISTS (SELECT FROM incomplete AS i WHERE i.relation = 'statement');

INSERT INTO problem (entry, field, reason)
SELECT entry, 'superseded_by', 'the statement supersedes itself'
FROM stage_statement WHERE id = ANY (superseded_by::text[]);

INSERT INTO problem (entry, field, reason)
SELECT n.entry, 'supersedes', format('''%s'' is not another strategy of the same country', n.supersedes)
FROM stage_strategy AS n
WHERE n.supersedes IS NOT NULL
AND NOT EXISTS (SELECT FROM stage_strategy AS s
	WHERE s.id = n.supersedes AND s.parent = n.parent AND s.entry <> n.entry)
AND NOT EXISTS (SELECT FROM incomplete AS i WHERE i.relation = 'strategy');

INSERT INTO problem (entry, field, reason)
SELECT entry, 'withdrawn_on', format('%s is before made_on, %s', withdrawn_on, made_on)
FROM stage_statement WHERE withdrawn_on < made_on
UNION ALL
SELECT entry, 'entered_into_force_on', format('%s is before opened_on, %s', entered_into_force_on, opened_on)
FROM stage_treaty WHERE entered_into_force_on < opened_on
UNION ALL
SELECT entry, 'period', format('ends in %s, before it begins in %s', period_to, period_from)
FROM stage_strategy WHERE period_to < period_from
UNION ALL
SELECT entry, 'text', 'text, text_lang and text_kind must all be present or all be absent'
FROM stage_statement WHERE num_nonnulls(text, text_lang, text_kind) IN (1, 2)
UNION ALL
SELECT entry, 'title', 'is null, and so is citation: a case needs one of them'
FROM stage_court_case WHERE num_nonnulls(title, citation) = 0;
