-- Treaty acts. Parameters: $lang, $base.
SELECT a.id, a.country,
       localised(c.name_en, c.name_fr, $lang) AS country_name,
       a.treaty,
       localised(t.title_en, t.title_fr, $lang) AS treaty_title,
       a.action, a.date,
       localised(a.note_en, a.note_fr, $lang) AS note,
       localised_lang(a.note_en, a.note_fr, $lang) AS note_lang,
       a.verified_on, a.revision, rfc3339(a.updated_at) AS updated_at,
       source_json(a.source_id) AS source,
       json_build_object(
         'self', $base || '/v1/actions/' || a.id,
         'country', $base || '/v1/countries/' || a.country,
         'treaty', $base || '/v1/treaties/' || a.treaty,
         'status', $base || '/v1/status/' || a.country || '-' || a.treaty) AS links
FROM action AS a
-- Country and treaty always exist; the planner removes a LEFT JOIN where rows are only counted.
LEFT JOIN country AS c ON c.code = a.country
LEFT JOIN treaty AS t ON t.number = a.treaty
WHERE true
  -- filter country
  AND a.country = ANY ($country::text[])
  -- filter treaty
  AND a.treaty = ANY ($treaty::text[])
  -- filter action
  AND a.action = ANY ($action::text[])
  -- filter region
  AND a.country IN (SELECT countries_in($region::text[]))
  -- filter member_of
  AND a.country IN (SELECT members_on($member_of::text[], $day::date))
  -- filter source_kind
  AND a.source_id IN (SELECT sources_of($source_kind::text[]))
