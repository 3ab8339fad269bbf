-- Policies and strategies with their priorities, goals and documents.
-- Parameters: $lang, $base.
SELECT s.id, s.country,
       localised(c.name_en, c.name_fr, $lang) AS country_name,
       localised(s.title_en, s.title_fr, $lang) AS title,
       localised_lang(s.title_en, s.title_fr, $lang) AS title_lang,
       s.title_original, s.kind,
       s.issued_by,
       s.adopted_on,
       json_build_object('from', s.period_from, 'to', s.period_to) AS period,
       s.status, s.supersedes,
       localised(s.summary_en, s.summary_fr, $lang) AS summary,
       localised_lang(s.summary_en, s.summary_fr, $lang) AS summary_lang,
       (SELECT coalesce(json_agg(json_build_object(
                 'position', p.position,
                 'title', localised(p.title_en, p.title_fr, $lang),
                 'title_lang', localised_lang(p.title_en, p.title_fr, $lang),
                 'goals', (SELECT coalesce(json_agg(json_build_object(
                             'position', g.position,
                             'text', localised(g.text_en, g.text_fr, $lang),
                             'text_lang', localised_lang(g.text_en, g.text_fr, $lang))
                             ORDER BY g.position), '[]')
                           FROM strategy_goal AS g
                           WHERE g.strategy_id = p.strategy_id AND g.priority = p.position))
                 ORDER BY p.position), '[]')
        FROM strategy_priority AS p
        WHERE p.strategy_id = s.id) AS priorities,
       (SELECT coalesce(json_agg(json_build_object('title', d.title, 'url', d.url, 'lang', d.lang)
                                 ORDER BY d.position), '[]')
        FROM strategy_document AS d
        WHERE d.strategy_id = s.id) AS documents,
       s.verified_on, s.revision, rfc3339(s.updated_at) AS updated_at,
       source_json(s.source_id) AS source,
       json_build_object(
         'self', $base || '/v1/strategies/' || s.id,
         'country', $base || '/v1/countries/' || s.country,
         'supersedes', $base || '/v1/strategies/' || s.supersedes) AS links
FROM strategy AS s
JOIN country AS c ON c.code = s.country
WHERE true
  -- filter country
  AND s.country = ANY ($country::text[])
  -- filter kind
  AND s.kind = ANY ($kind::text[])
  -- filter status
  AND s.status = ANY ($status::text[])
  -- filter q
  AND strpos(fold(concat_ws(' ', s.title_en, s.title_fr, s.title_original,
                            s.summary_en, s.summary_fr)), fold($q::text)) > 0
  -- filter region
  AND s.country IN (SELECT countries_in($region::text[]))
  -- filter member_of
  AND s.country IN (SELECT members_on($member_of::text[], $day::date))
  -- filter source_kind
  AND s.source_id IN (SELECT sources_of($source_kind::text[]))
