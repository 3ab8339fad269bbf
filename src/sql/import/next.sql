-- The future contents of each table: the staging rows with their types, and derived rows.

SELECT pg_temp.begin_next(relation)
FROM pg_temp.relations();

INSERT INTO next_source (entry, id, url, title, publisher, as_of, retrieved_on)
SELECT entry, id, url, title, publisher, as_of::date, retrieved_on::date
FROM stage_source;

INSERT INTO next_country (entry, code, alpha3, numeric, name_en, name_fr, official_name_en,
	official_name_fr, region_code, region_en, region_fr, subregion_code, subregion_en,
	subregion_fr, coe_member, source_id)
SELECT entry, code, alpha3, numeric, name_en, name_fr, official_name_en,
	official_name_fr, region_code, region_en, region_fr, subregion_code, subregion_en,
	subregion_fr, coe_member::boolean, source
FROM stage_country;

INSERT INTO next_treaty (entry, number, ets_ref, title_en, title_fr, place_opened, opened_on,
	entered_into_force_on, url, acts_complete, source_id)
SELECT entry, number, ets_ref, title_en, title_fr, place_opened, opened_on::date,
	entered_into_force_on::date, url, acts_complete::boolean, source
FROM stage_treaty;

INSERT INTO next_article (entry, treaty, article, title_en, title_fr, chapter, section, source_id)
SELECT entry, treaty, article, title_en, title_fr, chapter, section, source
FROM stage_article;

-- Paragraphs that a record or a hook cites, and their parents.
INSERT INTO next_article (entry, treaty, article, parent, chapter, section, source_id)
WITH RECURSIVE named (treaty, article) AS (
	SELECT treaty, unnest(articles::text[]) COLLATE "C" FROM stage_statement
	UNION SELECT treaty, article FROM stage_authority
	UNION SELECT '185', unnest(articles::text[]) FROM stage_court_case
	UNION SELECT '185', convention_article FROM stage_legal_provision
	UNION SELECT treaty, article FROM hook
), paragraph (treaty, article) AS (
	SELECT treaty, article FROM named WHERE article LIKE '%.%'
	UNION
	SELECT treaty, regexp_replace(article, '[.][^.]+$', '') FROM paragraph WHERE article LIKE '%.%.%'
)
SELECT (SELECT max(entry) FROM stage_article) + row_number() OVER (ORDER BY whole.entry, p.article),
	p.treaty, p.article, regexp_replace(p.article, '[.][^.]+$', ''),
	whole.chapter, whole.section, whole.source
FROM paragraph AS p
JOIN stage_article AS whole ON whole.treaty = p.treaty AND whole.article = split_part(p.article, '.', 1);

INSERT INTO next_action (entry, id, country, treaty, action, date, note_en, note_fr, source_id)
SELECT entry, id, country, treaty, action, date::date, note_en, note_fr, source
FROM stage_action;

INSERT INTO next_statement (entry, id, country, treaty, kind, made_on, effective_from, withdrawn_on,
	superseded_by, territories, hook, summary_en, summary_fr, text, text_lang, text_kind, source_id)
SELECT entry, id, country, treaty, kind, made_on::date, effective_from::date, withdrawn_on::date,
	superseded_by::text[], territories::text[], statement_hook(treaty, articles::text[]),
	summary_en, summary_fr, text, text_lang, text_kind, source
FROM stage_statement;

INSERT INTO next_statement_article (entry, statement_id, position, treaty, article, role)
SELECT s.entry, s.id, a.position, s.treaty, a.article,
	CASE WHEN article_fits(a.article, ARRAY[n.hook]) THEN 'hook' ELSE 'touches' END
FROM stage_statement AS s
JOIN next_statement AS n ON n.id = s.id,
unnest(s.articles::text[]) WITH ORDINALITY AS a (article, position);

INSERT INTO next_authority (entry, id, country, treaty, article, role, name, place, url,
	statement_id, source_id)
SELECT entry, id, country, treaty, article, role, name, place, url, statement, source
FROM stage_authority;

INSERT INTO next_strategy (entry, id, country, title_en, title_fr, title_original, kind, issued_by,
	adopted_on, period_from, period_to, status, supersedes, summary_en, summary_fr, source_id)
SELECT s.entry, s.id, p.country, s.title_en, s.title_fr, s.title_original, s.kind,
	s.issued_by::text[], s.adopted_on::date, s.period_from, s.period_to, s.status, s.supersedes,
	s.summary_en, s.summary_fr, s.source
FROM stage_strategy AS s JOIN stage_profile AS p ON p.entry = s.parent;

INSERT INTO next_strategy_priority (entry, strategy_id, position, title_en, title_fr)
SELECT p.entry, s.id, p.position::integer, p.title_en, p.title_fr
FROM stage_strategy_priority AS p JOIN stage_strategy AS s ON s.entry = p.parent;

INSERT INTO next_strategy_goal (entry, strategy_id, priority, position, text_en, text_fr)
SELECT g.entry, s.id, p.position::integer, g.position::integer, g.text_en, g.text_fr
FROM stage_strategy_goal AS g
JOIN stage_strategy_priority AS p ON p.entry = g.parent
JOIN stage_strategy AS s ON s.entry = p.parent;

INSERT INTO next_strategy_document (entry, strategy_id, position, title, url, lang)
SELECT d.entry, s.id, d.nth::integer, d.title, d.url, d.lang
FROM stage_strategy_document AS d JOIN stage_strategy AS s ON s.entry = d.parent;

INSERT INTO next_institution (entry, id, country, name_en, name_fr, name_original, kind, role_en,
	role_fr, url, source_id)
SELECT s.entry, s.id, p.country, s.name_en, s.name_fr, s.name_original, s.kind, s.role_en,
	s.role_fr, s.url, s.source
FROM stage_institution AS s JOIN stage_profile AS p ON p.entry = s.parent;

INSERT INTO next_court_case (entry, id, country, title, court, decided_on, citation, summary_en,
	summary_fr, url, source_id)
SELECT s.entry, s.id, p.country, s.title, s.court, s.decided_on::date, s.citation, s.summary_en,
	s.summary_fr, s.url, s.source
FROM stage_court_case AS s JOIN stage_profile AS p ON p.entry = s.parent;

INSERT INTO next_court_case_article (entry, court_case_id, position, treaty, article)
SELECT s.entry, s.id, a.position, '185', a.article
FROM stage_court_case AS s, unnest(s.articles::text[]) WITH ORDINALITY AS a (article, position);

INSERT INTO next_legal_provision (entry, id, country, treaty, convention_article, law_title,
	provision, note_en, note_fr, url, source_id)
SELECT s.entry, s.id, p.country, '185', s.convention_article, s.law_title, s.provision, s.note_en,
	s.note_fr, s.url, s.source
FROM stage_legal_provision AS s JOIN stage_profile AS p ON p.entry = s.parent;

INSERT INTO next_reference (entry, id, country, title, url, source_id)
SELECT s.entry, s.id, p.country, s.title, s.url, s.source
FROM stage_reference AS s JOIN stage_profile AS p ON p.entry = s.parent;

INSERT INTO next_tool (entry, id, title, kind, summary_en, summary_fr, url, source_id)
SELECT entry, id, title, kind, summary_en, summary_fr, url, source
FROM stage_tool;

-- A row was verified on the day on which its source was read.
SELECT pg_temp.date_next(relation)
FROM unnest(ARRAY['country', 'treaty', 'article', 'action', 'statement', 'authority', 'strategy',
	'institution', 'court_case', 'legal_provision', 'reference', 'tool']) AS relation;
