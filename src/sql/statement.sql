-- Reservations, declarations and other statements, as of a day.
-- Parameters: $day, $lang, $base.
SELECT s.id, s.country,
       localised(c.name_en, c.name_fr, $lang) AS country_name,
       s.treaty, s.kind,
       (SELECT coalesce(json_agg(json_build_object('article', n.article, 'role', n.role)
                                 ORDER BY n.position), '[]')
        FROM statement_article AS n
        WHERE n.statement_id = s.id) AS articles,
       s.enabling_treaty, s.enabling_article, s.made_on, s.effective_from, s.withdrawn_on,
       s.superseded_by,
       statement_in_force(s, $day::date) AS in_force,
       statement_next_change(s, $day::date) AS next_change_on,
       s.territories,
       localised(s.summary_en, s.summary_fr, $lang) AS summary,
       localised_lang(s.summary_en, s.summary_fr, $lang) AS summary_lang,
       s.text, s.text_lang, s.text_kind, source_json(s.text_source_id) AS text_source,
       source_json(s.wording_source_id) AS wording_source, s.wording_lang,
       source_json(s.dates_source_id) AS dates_source,
       s.verified_on, s.revision, rfc3339(s.updated_at) AS updated_at,
       source_json(s.source_id) AS source,
       json_build_object(
         'self', $base || '/v1/statements/' || s.id,
         'country', $base || '/v1/countries/' || s.country,
         'treaty', $base || '/v1/treaties/' || s.treaty) AS links
FROM statement AS s
-- A country always exists; the planner removes a LEFT JOIN where rows are only counted.
LEFT JOIN country AS c ON c.code = s.country
WHERE statement_shown(s, $day::date, (SELECT treaties_open_on($day::date)),
                      (SELECT min(f.date) FROM action AS f
                       WHERE f.country = s.country AND f.treaty = s.treaty))
  -- filter kind
  AND s.kind = ANY ($kind::text[])
  -- filter treaty
  AND s.treaty = ANY ($treaty::text[])
  -- filter country
  -- What a country has made, and what others say of a territory.
  AND (s.country = ANY ($country::text[]) OR s.territories && $country::text[])
  -- filter maker
  AND s.country = ANY ($maker::text[])
  -- filter territory
  AND s.territories && $territory::text[]
  -- filter article
  AND EXISTS
       (SELECT FROM articles_under($article::text[]) AS w
        JOIN statement_article AS n ON n.treaty = w.treaty AND n.article = w.article
        WHERE n.statement_id = s.id)
  -- filter in_force
  AND coalesce(statement_in_force(s, $day::date)::text, 'unknown') = ANY ($in_force::text[])
  -- filter q
  AND strpos(fold(concat_ws(' ', s.summary_en, s.summary_fr, s.text)), fold($q::text)) > 0
  -- filter region
  AND s.country IN (SELECT countries_in($region::text[]))
  -- filter member_of
  AND s.country IN (SELECT members_on($member_of::text[], $day::date))
  -- filter source_kind
  AND s.source_id IN (SELECT sources_of($source_kind::text[]))
