-- Useful links of a country.
-- Parameters: $lang, $base.
SELECT r.id, r.country,
       localised(c.name_en, c.name_fr, $lang) AS country_name,
       r.title, r.url, r.verified_on, r.revision, rfc3339(r.updated_at) AS updated_at,
       source_json(r.source_id) AS source,
       json_build_object(
         'self', $base || '/v1/references/' || r.id,
         'country', $base || '/v1/countries/' || r.country) AS links
FROM reference AS r
JOIN country AS c ON c.code = r.country
WHERE true
  -- filter country
  AND r.country = ANY ($country::text[])
  -- filter q
  AND strpos(fold(concat_ws(' ', r.title, r.url)), fold($q::text)) > 0
  -- filter region
  AND r.country IN (SELECT countries_in($region::text[]))
  -- filter member_of
  AND r.country IN (SELECT members_on($member_of::text[], $day::date))
  -- filter source_kind
  AND r.source_id IN (SELECT sources_of($source_kind::text[]))
