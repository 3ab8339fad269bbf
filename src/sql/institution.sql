-- Bodies of a country that deal with cybercrime or cybersecurity.
-- Parameters: $lang, $base.
SELECT i.id, i.country,
       localised(c.name_en, c.name_fr, $lang) AS country_name,
       localised(i.name_en, i.name_fr, $lang) AS name,
       localised_lang(i.name_en, i.name_fr, $lang) AS name_lang,
       i.name_original, i.kind,
       localised(i.role_en, i.role_fr, $lang) AS role,
       localised_lang(i.role_en, i.role_fr, $lang) AS role_lang,
       i.url, i.verified_on, i.revision, rfc3339(i.updated_at) AS updated_at,
       source_json(i.source_id) AS source,
       json_build_object(
         'self', $base || '/v1/institutions/' || i.id,
         'country', $base || '/v1/countries/' || i.country) AS links
FROM institution AS i
JOIN country AS c ON c.code = i.country
WHERE true
  -- filter country
  AND i.country = ANY ($country::text[])
  -- filter kind
  AND i.kind = ANY ($kind::text[])
  -- filter q
  AND strpos(fold(concat_ws(' ', i.name_en, i.name_fr, i.name_original,
                            i.role_en, i.role_fr)), fold($q::text)) > 0
  -- filter region
  AND i.country IN (SELECT countries_in($region::text[]))
  -- filter member_of
  AND i.country IN (SELECT members_on($member_of::text[], $day::date))
  -- filter source_kind
  AND i.source_id IN (SELECT sources_of($source_kind::text[]))
