-- The status of each country under each treaty on a day.
-- Parameters: $day, $lang, $base.
SELECT s.country,
       localised(c.name_en, c.name_fr, $lang) AS country_name,
       s.treaty, s.state, s.basis,
       localised(s.reason_en, s.reason_fr, $lang) AS reason,
       localised_lang(s.reason_en, s.reason_fr, $lang) AS reason_lang,
       s.invited_on, s.signed_on, s.consented_on, s.consent, s.in_force_on, s.denounced_on,
       source_json(s.source_id) AS source,
       json_build_object(
         'self', $base || '/v1/status/' || s.country || '-' || s.treaty,
         'country', $base || '/v1/countries/' || s.country,
         'treaty', $base || '/v1/treaties/' || s.treaty,
         'actions', $base || '/v1/countries/' || s.country || '/actions?treaty=' || s.treaty) AS links
FROM statuses_on($day::date) AS s
JOIN country AS c ON c.code = s.country
WHERE true
  -- filter country
  AND c.code = ANY ($country::text[])
  -- filter treaty
  AND s.treaty = ANY ($treaty::text[])
  -- filter state
  AND s.state = ANY ($state::text[])
  -- filter region
  AND c.region_code = ANY ($region::text[])
