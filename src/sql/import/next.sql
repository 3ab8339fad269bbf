-- The future contents of each table: the staging rows with their types, and derived rows.

SELECT pg_temp.begin_next(relation)
FROM pg_temp.relations();

INSERT INTO next_source (entry, id, url, title, publisher, kind, as_of, retrieved_on)
SELECT entry, id, url, title, publisher, kind, as_of::date, retrieved_on::date
FROM stage_source;

INSERT INTO next_country (entry, code, alpha3, numeric, name_en, name_fr, official_name_en,
	official_name_fr, region_code, region_en, region_fr, subregion_code, subregion_en,
	subregion_fr, intermediate_region_code, intermediate_region_en, intermediate_region_fr, type,
	responsible_state, un_member, source_id)
SELECT entry, code, alpha3, numeric, name_en, name_fr, official_name_en,
	official_name_fr, region_code, region_en, region_fr, subregion_code, subregion_en,
	subregion_fr, intermediate_region_code, intermediate_region_en, intermediate_region_fr, type,
	responsible_state, un_member::boolean, source
FROM stage_country;

INSERT INTO next_country_name (entry, country, name, lang, kind, name_from, name_to, source_id)
SELECT entry, country, name, lang, kind, name_from::date, name_to::date, source
FROM stage_country_name;

INSERT INTO next_membership (entry, organisation, country, member_from, member_to, note, source_id)
SELECT entry, organisation, country, member_from::date, member_to::date, note, source
FROM stage_membership;

INSERT INTO next_treaty (entry, number, ets_ref, title_en, title_fr, place_opened, opened_on,
	entered_into_force_on, url, consents_complete, signatures_complete, invitations_complete,
	known_until, source_id)
SELECT entry, number, ets_ref, title_en, title_fr, place_opened, opened_on::date,
	entered_into_force_on::date, url, consents_complete::boolean, signatures_complete::boolean,
	invitations_complete::boolean, known_until::date, source
FROM stage_treaty;

INSERT INTO next_article (entry, treaty, article, title_en, title_fr, chapter, section, summary_en,
	summary_fr, source_id)
SELECT a.entry, a.treaty, a.article, a.title_en, a.title_fr, a.chapter, a.section, s.summary_en,
	s.summary_fr, a.source
FROM stage_article AS a
LEFT JOIN stage_article_summary AS s ON s.treaty = a.treaty AND s.article = a.article;

-- Paragraphs that a record or an enabling article names, and their parents.
INSERT INTO next_article (entry, treaty, article, parent, chapter, section, summary_en, summary_fr,
	source_id)
WITH RECURSIVE paragraph (treaty, article) AS (
	SELECT treaty, article FROM named_article WHERE article LIKE '%.%'
	UNION
	SELECT treaty, article FROM enabling_article WHERE article LIKE '%.%'
	UNION
	SELECT treaty, regexp_replace(article, '[.][^.]+$', '') FROM paragraph WHERE article LIKE '%.%.%'
)
SELECT (SELECT max(entry) FROM stage_article) + row_number() OVER (ORDER BY whole.entry, p.article),
	p.treaty, p.article, regexp_replace(p.article, '[.][^.]+$', ''),
	whole.chapter, whole.section, s.summary_en, s.summary_fr, whole.source
FROM paragraph AS p
JOIN stage_article AS whole ON whole.treaty = p.treaty AND whole.article = split_part(p.article, '.', 1)
LEFT JOIN stage_article_summary AS s ON s.treaty = p.treaty AND s.article = p.article;

INSERT INTO next_article_text (entry, treaty, article, lang, kind, text, source_id)
SELECT entry, treaty, article, lang, kind, text, source
FROM stage_article_text;

INSERT INTO next_action (entry, id, country, treaty, action, date, note_en, note_fr, source_id)
SELECT entry, id, country, treaty, action, date::date, note_en, note_fr, source
FROM stage_action;

INSERT INTO next_statement (entry, id, country, treaty, kind, made_on, effective_from, withdrawn_on,
	superseded_by, territories, enabling_treaty, enabling_article, summary_en, summary_fr, text,
	text_lang, text_kind, text_source_id, wording_source_id, wording_lang, dates_source_id, source_id)
SELECT s.entry, s.id, s.country, s.treaty, s.kind, s.made_on::date, s.effective_from::date,
	s.withdrawn_on::date, s.superseded_by::text[], s.territories::text[], e.enabling_treaty,
	e.enabling_article, s.summary_en, s.summary_fr, t.text, t.text_lang, t.text_kind, t.source,
	s.wording_source, s.wording_lang, s.dates_source, s.source
FROM stage_statement AS s
LEFT JOIN stage_statement_text AS t ON t.id = s.id
LEFT JOIN statement_enabling_article(s.treaty, s.kind, s.articles::text[]) AS e ON true;

-- An article above the enabling one stands for it when no other article is or lies under it.
INSERT INTO next_statement_article (entry, statement_id, position, treaty, article, role)
SELECT a.entry, a.id, a.position, a.treaty, a.article,
	CASE WHEN a.fits OR (NOT bool_or(a.fits) OVER (PARTITION BY a.id)
			AND a.treaty = a.enabling_treaty AND a.enabling_article ^@ (a.article || '.'))
		THEN 'enabling' ELSE 'affected' END
FROM (
	SELECT s.entry, s.id, n.enabling_treaty, n.enabling_article, named.position, named.article, of.treaty,
		coalesce(of.treaty = n.enabling_treaty AND article_fits(named.article, ARRAY[n.enabling_article]), false) AS fits
	FROM stage_statement AS s
	JOIN next_statement AS n ON n.id = s.id,
	unnest(s.articles::text[]) WITH ORDINALITY AS named (article, position),
	LATERAL (SELECT named_article_treaty(s.treaty, named.article) AS treaty) AS of
) AS a;

INSERT INTO next_statement_register (entry, id, country, treaty, complete, as_of, note, source_id)
SELECT entry, id, country, treaty, complete::boolean, as_of::date, note, source
FROM stage_statement_register;

INSERT INTO next_territory_effect (entry, id, territory, treaty, effect, effect_from, statement, note_en,
	note_fr, source_id)
SELECT entry, id, territory, treaty, effect, effect_from::date, statement, note_en, note_fr, source
FROM stage_territory_effect;

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
FROM unnest(ARRAY['country', 'treaty', 'article', 'action', 'statement',
	'statement_register', 'territory_effect', 'authority', 'strategy', 'institution',
	'court_case', 'legal_provision', 'reference', 'tool']) AS relation;
