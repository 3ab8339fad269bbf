-- profiles/XX.json: a row for each country that has a profile. The lists are in the order in which
-- their records were first recorded.
WITH first AS (
	SELECT relation, record, min(ARRAY[revision, ordinal]) AS at
	FROM change
	WHERE relation IN ('strategy', 'institution', 'court_case', 'legal_provision', 'reference')
	GROUP BY relation, record
), goals AS (
	SELECT strategy_id, priority, json_agg(json_build_object('position', position,
		'text_en', text_en, 'text_fr', text_fr) ORDER BY position) AS list
	FROM strategy_goal GROUP BY strategy_id, priority
), priorities AS (
	SELECT p.strategy_id, json_agg(json_build_object('position', p.position,
		'title_en', p.title_en, 'title_fr', p.title_fr, 'goals', coalesce(g.list, '[]'))
		ORDER BY p.position) AS list
	FROM strategy_priority AS p
	LEFT JOIN goals AS g ON g.strategy_id = p.strategy_id AND g.priority = p.position
	GROUP BY p.strategy_id
), documents AS (
	SELECT strategy_id, json_agg(json_build_object('title', title, 'url', url, 'lang', lang)
		ORDER BY position) AS list
	FROM strategy_document GROUP BY strategy_id
), strategies AS (
	SELECT s.country, json_agg(json_build_object('id', s.id, 'title_en', s.title_en,
		'title_fr', s.title_fr, 'title_original', s.title_original, 'kind', s.kind,
		'issued_by', to_json(s.issued_by), 'adopted_on', s.adopted_on,
		'period', json_build_object('from', s.period_from, 'to', s.period_to),
		'status', s.status, 'supersedes', s.supersedes, 'summary_en', s.summary_en,
		'summary_fr', s.summary_fr, 'priorities', coalesce(p.list, '[]'),
		'documents', coalesce(d.list, '[]'), 'source', s.source_id)
		ORDER BY first.at, s.id) AS list
	FROM strategy AS s
	LEFT JOIN first ON first.relation = 'strategy' AND first.record = s.id
	LEFT JOIN priorities AS p ON p.strategy_id = s.id
	LEFT JOIN documents AS d ON d.strategy_id = s.id
	GROUP BY s.country
), institutions AS (
	SELECT i.country, json_agg(json_build_object('id', i.id, 'name_en', i.name_en,
		'name_fr', i.name_fr, 'name_original', i.name_original, 'kind', i.kind,
		'role_en', i.role_en, 'role_fr', i.role_fr, 'url', i.url, 'source', i.source_id)
		ORDER BY first.at, i.id) AS list
	FROM institution AS i
	LEFT JOIN first ON first.relation = 'institution' AND first.record = i.id
	GROUP BY i.country
), articles AS (
	SELECT court_case_id, json_agg(article ORDER BY position) AS list
	FROM court_case_article GROUP BY court_case_id
), cases AS (
	SELECT c.country, json_agg(json_build_object('id', c.id, 'title', c.title,
		'court', c.court, 'decided_on', c.decided_on, 'citation', c.citation,
		'summary_en', c.summary_en, 'summary_fr', c.summary_fr,
		'articles', coalesce(a.list, '[]'), 'url', c.url, 'source', c.source_id)
		ORDER BY first.at, c.id) AS list
	FROM court_case AS c
	LEFT JOIN first ON first.relation = 'court_case' AND first.record = c.id
	LEFT JOIN articles AS a ON a.court_case_id = c.id
	GROUP BY c.country
), provisions AS (
	SELECT p.country, json_agg(json_build_object('id', p.id,
		'convention_article', p.convention_article, 'law_title', p.law_title,
		'provision', p.provision, 'note_en', p.note_en, 'note_fr', p.note_fr, 'url', p.url,
		'source', p.source_id) ORDER BY first.at, p.id) AS list
	FROM legal_provision AS p
	LEFT JOIN first ON first.relation = 'legal_provision' AND first.record = p.id
	GROUP BY p.country
), links AS (
	SELECT r.country, json_agg(json_build_object('id', r.id, 'title', r.title, 'url', r.url,
		'source', r.source_id) ORDER BY first.at, r.id) AS list
	FROM reference AS r
	LEFT JOIN first ON first.relation = 'reference' AND first.record = r.id
	GROUP BY r.country
)
SELECT k.code, json_build_object('country', k.code, 'strategies', coalesce(s.list, '[]'),
	'institutions', coalesce(i.list, '[]'), 'case_law', coalesce(c.list, '[]'),
	'legal_provisions', coalesce(p.list, '[]'), 'references', coalesce(l.list, '[]'))
FROM country AS k
LEFT JOIN strategies AS s ON s.country = k.code
LEFT JOIN institutions AS i ON i.country = k.code
LEFT JOIN cases AS c ON c.country = k.code
LEFT JOIN provisions AS p ON p.country = k.code
LEFT JOIN links AS l ON l.country = k.code
WHERE num_nonnulls(s.country, i.country, c.country, p.country, l.country) > 0
ORDER BY k.code
