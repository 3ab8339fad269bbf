-- The status of each country under each treaty on a day.
-- Parameters: $day, $lang, $base.
SELECT s.country,
       localised(c.name_en, c.name_fr, $lang) AS country_name,
       s.type, s.responsible_state, s.treaty, s.state, s.bound, s.basis,
       localised(s.reason_en, s.reason_fr, $lang) AS reason,
       localised_lang(s.reason_en, s.reason_fr, $lang) AS reason_lang,
       s.statement, s.invited_on, s.signed_on, s.consented_on, s.consent, s.in_force_on,
       s.denounced_on, s.known_until,
       CASE WHEN n.turns IS NOT NULL
              THEN status_next_change(s.country, s.treaty, s::text, n.turns) END AS next_change_on,
       g.complete AS statements_complete, g.as_of AS statements_complete_as_of,
       greatest(s.revision, g.revision) AS revision,
       rfc3339(greatest(s.updated_at, g.updated_at)) AS updated_at,
       source_json(s.source_id) AS source,
       json_build_object(
         'self', $base || '/v1/status/' || s.country || '-' || s.treaty,
         'country', $base || '/v1/countries/' || s.country,
         'treaty', $base || '/v1/treaties/' || s.treaty,
         -- The acts that decide for a territory are those of its responsible State.
         'actions', $base || '/v1/countries/' || coalesce(s.responsible_state, s.country) ||
                    '/actions?treaty=' || s.treaty,
         'statement', $base || '/v1/statements/' || s.statement) AS links
FROM statuses_on($day::date) AS s
JOIN country AS c ON c.code = s.country
LEFT JOIN status_turns($day::date) AS n ON n.country = s.country AND n.treaty = s.treaty
LEFT JOIN statement_register AS g ON g.country = s.country AND g.treaty = s.treaty
WHERE true
  -- filter country
  AND c.code = ANY ($country::text[])
  -- filter treaty
  AND s.treaty = ANY ($treaty::text[])
  -- filter state
  AND s.state = ANY ($state::text[])
  -- filter type
  AND c.type = ANY ($type::text[])
  -- filter responsible_state
  AND c.responsible_state = ANY ($responsible_state::text[])
  -- filter region
  AND c.code IN (SELECT countries_in($region::text[]))
  -- filter member_of
  AND c.code IN (SELECT members_on($member_of::text[], $day::date))
  -- filter source_kind
  AND s.source_id IN (SELECT sources_of($source_kind::text[]))
