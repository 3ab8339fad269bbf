-- The checks that need more than one row. A value that is wrong in itself is NULL here.

SELECT pg_temp.check_unique('source', 'id'), pg_temp.check_unique('country', 'code'),
	pg_temp.check_unique('country', 'alpha3'), pg_temp.check_unique('country', 'numeric'),
	pg_temp.check_unique('treaty', 'number'), pg_temp.check_unique('article', 'treaty, article'),
	pg_temp.check_unique('action', 'id'), pg_temp.check_unique('statement', 'id'),
	pg_temp.check_unique('country_name', 'country, lang, kind, name'),
	pg_temp.check_unique('membership', 'organisation, country, member_from'),
	pg_temp.check_unique('article_summary', 'treaty, article'),
	pg_temp.check_unique('article_text', 'treaty, article, lang'),
	pg_temp.check_unique('statement_text', 'id'), pg_temp.check_unique('statement_register', 'id'),
	pg_temp.check_unique('statement_register', 'country, treaty'),
	pg_temp.check_unique('territory_effect', 'id'),
	pg_temp.check_unique('territory_effect', 'territory, treaty, effect_from'),
	pg_temp.check_unique('authority', 'id'), pg_temp.check_unique('strategy', 'id'),
	pg_temp.check_unique('strategy_priority', 'parent::text, position'),
	pg_temp.check_unique('strategy_goal', 'parent::text, position'),
	pg_temp.check_unique('institution', 'id'), pg_temp.check_unique('court_case', 'id'),
	pg_temp.check_unique('legal_provision', 'id'), pg_temp.check_unique('reference', 'id'),
	pg_temp.check_unique('tool', 'id');

SELECT pg_temp.check_names(relation, 'source', 'source', 'id', 'a source of sources.csv')
FROM unnest(ARRAY['country', 'country_name', 'membership', 'treaty', 'article', 'article_text', 'action',
	'statement', 'statement_text', 'statement_register', 'territory_effect', 'authority', 'strategy',
	'institution', 'court_case', 'legal_provision', 'reference', 'tool']) AS relation;

SELECT pg_temp.check_names('statement', field, 'source', 'id', 'a source of sources.csv')
FROM unnest(ARRAY['wording_source', 'dates_source']) AS field;

SELECT pg_temp.check_names(relation, 'country', 'country', 'code', 'a country of countries.csv')
FROM unnest(ARRAY['country_name', 'membership', 'action', 'statement', 'statement_register', 'authority',
	'profile']) AS relation;

INSERT INTO problem (entry, field, reason)
SELECT n.entry, 'territory', format('''%s'' is not a territory of countries.csv', n.territory)
FROM stage_territory_effect AS n
WHERE n.territory IS NOT NULL
AND NOT EXISTS (SELECT FROM stage_country AS c
	WHERE c.code = n.territory AND coalesce(c.type = 'territory', true))
AND NOT EXISTS (SELECT FROM incomplete AS i WHERE i.relation = 'country');

INSERT INTO problem (entry, field, reason)
SELECT c.entry, 'responsible_state', format('''%s'' is not a state of countries.csv', c.responsible_state)
FROM stage_country AS c
WHERE c.responsible_state IS NOT NULL
AND NOT EXISTS (SELECT FROM stage_country AS s WHERE s.code = c.responsible_state AND s.type = 'state')
AND NOT EXISTS (SELECT FROM incomplete AS i WHERE i.relation = 'country')
UNION ALL
SELECT entry, 'responsible_state', CASE type WHEN 'territory' THEN 'is empty, but a territory has a responsible state'
	ELSE format('is present, but the type is %s: only a territory has a responsible state', type) END
FROM stage_country WHERE (type = 'territory') <> (responsible_state IS NOT NULL);

SELECT pg_temp.check_names('statement', 'territories', 'country', 'code', 'a country of countries.csv', true);

SELECT pg_temp.check_names(relation, 'treaty', 'treaty', 'number', 'a treaty of treaties.csv')
FROM unnest(ARRAY['article', 'article_summary', 'article_text', 'action', 'statement', 'statement_register',
	'territory_effect', 'authority']) AS relation;

-- The articles and paragraphs that rows name, each with the field that names it.
CREATE TEMP TABLE named_article ON COMMIT DROP AS
SELECT s.entry, 'articles' AS field, named_article_treaty(s.treaty, named.article) AS treaty,
	named.article COLLATE "C" AS article
FROM stage_statement AS s, unnest(s.articles::text[]) AS named (article)
UNION ALL SELECT entry, 'article', treaty, article FROM stage_authority
UNION ALL SELECT entry, 'article', treaty, article FROM stage_article_summary
UNION ALL SELECT entry, 'article', treaty, article FROM stage_article_text
UNION ALL SELECT entry, 'articles', '185', unnest(articles::text[]) COLLATE "C" FROM stage_court_case
UNION ALL SELECT entry, 'convention_article', '185', convention_article FROM stage_legal_provision;

-- A paragraph needs its whole article only.
INSERT INTO problem (entry, field, reason)
SELECT n.entry, n.field, format('%s belongs to no article of treaty %s in articles.csv', n.article, n.treaty)
FROM named_article AS n
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

SELECT pg_temp.check_names('statement_text', 'id', 'statement', 'id', 'a statement of statements.csv');

-- What another State declares of a territory does not decide.
INSERT INTO problem (entry, field, reason)
SELECT n.entry, 'statement', format(
	'''%s'' is not a statement of the responsible state of %s to treaty %s in statements.csv',
	n.statement, n.territory, n.treaty)
FROM stage_territory_effect AS n
LEFT JOIN stage_country AS c ON c.code = n.territory
WHERE n.statement IS NOT NULL
AND NOT EXISTS (SELECT FROM stage_statement AS s WHERE s.id = n.statement
	AND coalesce(s.treaty = n.treaty, true) AND coalesce(s.country = c.responsible_state, true))
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
SELECT entry, 'wording_lang', 'is present without wording_source'
FROM stage_statement WHERE wording_lang IS NOT NULL AND wording_source IS NULL
UNION ALL
SELECT entry, 'to', format('%s is not after from, %s', name_to, name_from)
FROM stage_country_name WHERE name_to <= name_from
UNION ALL
SELECT entry, 'to', format('%s is not after from, %s', member_to, member_from)
FROM stage_membership WHERE member_to <= member_from
UNION ALL
SELECT entry, 'summary_en', 'is empty, and so is summary_fr: a summary needs one of them'
FROM stage_article_summary WHERE num_nonnulls(summary_en, summary_fr) = 0
UNION ALL
SELECT entry, 'title', 'is null, and so is citation: a case needs one of them'
FROM stage_court_case WHERE num_nonnulls(title, citation) = 0;

-- An event, or the reading of a source, is not after today anywhere on Earth (UTC+14), as `as_of` is
-- not. An entry into force, an effect, a withdrawal or a period may be known in advance.
INSERT INTO problem (entry, field, reason)
SELECT past.entry, past.field, format('%s is after today, which is %s in the easternmost time zone', past.day, today.latest)
FROM (
	SELECT entry, 'date' AS field, date AS day FROM stage_action WHERE action <> 'entry_into_force'
	UNION ALL SELECT entry, 'made_on', made_on FROM stage_statement
	UNION ALL SELECT entry, 'adopted_on', adopted_on FROM stage_strategy
	UNION ALL SELECT entry, 'decided_on', decided_on FROM stage_court_case
	UNION ALL SELECT entry, 'known_until', known_until FROM stage_treaty
	UNION ALL SELECT entry, 'as_of', as_of FROM stage_statement_register
	UNION ALL SELECT entry, 'as_of', as_of FROM stage_source
	UNION ALL SELECT entry, 'retrieved_on', retrieved_on FROM stage_source
) AS past
JOIN (SELECT (now() AT TIME ZONE 'UTC' + interval '14 hours')::date AS latest) AS today
	ON past.day::date > today.latest;

-- Two periods of one member may follow each other, but not overlap.
INSERT INTO problem (entry, field, reason, other)
SELECT later.entry, 'from', format('%s lies in another period of this member', later.member_from), earlier.entry
FROM stage_membership AS later
JOIN stage_membership AS earlier ON earlier.organisation = later.organisation
	AND earlier.country = later.country AND earlier.member_from < later.member_from
	AND earlier.member_to > later.member_from;
