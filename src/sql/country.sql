-- Countries, with their status under each of the three treaties on a day.
-- Parameters: $day, $lang, $base, $country_sections (the names below a country in the route table).
SELECT c.code, c.alpha3, c.numeric,
       localised(c.name_en, c.name_fr, $lang) AS name,
       localised_lang(c.name_en, c.name_fr, $lang) AS name_lang,
       localised(c.official_name_en, c.official_name_fr, $lang) AS official_name,
       localised_lang(c.official_name_en, c.official_name_fr, $lang) AS official_name_lang,
       (SELECT coalesce(json_agg(json_build_object(
                 'name', n.name, 'lang', n.lang, 'kind', n.kind, 'from', n.name_from, 'to', n.name_to)
                 ORDER BY array_position('{official,short,alternative,abbreviation,former}'::text[], n.kind),
                          n.lang, n.name COLLATE "C"), '[]')
        FROM country_name AS n
        WHERE n.country = c.code) AS names,
       c.region_code AS region,
       localised(c.region_en, c.region_fr, $lang) AS region_name,
       c.subregion_code AS subregion,
       localised(c.subregion_en, c.subregion_fr, $lang) AS subregion_name,
       c.intermediate_region_code AS intermediate_region,
       localised(c.intermediate_region_en, c.intermediate_region_fr, $lang) AS intermediate_region_name,
       c.type, c.responsible_state, c.un_member,
       CASE WHEN EXISTS (SELECT FROM membership AS x WHERE x.organisation = 'CoE')
              THEN CASE WHEN m.in_coe THEN m.coe_member ELSE false END END AS coe_member,
       coalesce(m.member_of, '{}') AS member_of,
       s.states, s.bound, s.in_force_on,
       country_next_change(c.code, $day::date, n.turns) AS next_change_on,
       c.revision, rfc3339(c.updated_at) AS updated_at,
       source_json(c.source_id) AS source,
       (SELECT json_object_agg(replace(section.name, '-', '_'),
                               concat_ws('/', $base || '/v1/countries', c.code,
                                         nullif(section.name, 'self'))
                               ORDER BY section.position)
        FROM unnest($country_sections::text[]) WITH ORDINALITY AS section (name, position)) AS links
FROM country AS c
JOIN (SELECT on_day.country,
             json_object_agg(on_day.treaty, on_day.state ORDER BY on_day.treaty) AS states,
             json_object_agg(on_day.treaty, on_day.bound ORDER BY on_day.treaty) AS bound,
             json_object_agg(on_day.treaty, on_day.in_force_on ORDER BY on_day.treaty) AS in_force_on
      FROM statuses_on($day::date) AS on_day
      GROUP BY on_day.country) AS s ON s.country = c.code
LEFT JOIN country_turns($day::date) AS n ON n.country = c.code
LEFT JOIN (SELECT of_day.country,
                  array_agg(of_day.organisation ORDER BY of_day.organisation)
                    FILTER (WHERE of_day.member) AS member_of,
                  bool_or(of_day.organisation = 'CoE') AS in_coe,
                  bool_or(of_day.member) FILTER (WHERE of_day.organisation = 'CoE') AS coe_member
           FROM memberships_on($day::date) AS of_day
           GROUP BY of_day.country) AS m ON m.country = c.code
WHERE true
  -- filter status
  AND EXISTS (SELECT FROM json_each_text(s.states) AS x
              WHERE x.key = ANY (coalesce($treaty::text[], '{185}'))
                AND x.value = ANY ($status::text[]))
  -- filter treaty
  -- A treaty without a status selects the countries that have taken any step towards it.
  AND ($status::text[] IS NOT NULL OR EXISTS
       (SELECT FROM action AS a WHERE a.country = c.code AND a.treaty = ANY ($treaty::text[])))
  -- filter type
  AND c.type = ANY ($type::text[])
  -- filter responsible_state
  AND c.responsible_state = ANY ($responsible_state::text[])
  -- filter region
  AND c.code IN (SELECT countries_in($region::text[]))
  -- filter member_of
  AND c.code IN (SELECT members_on($member_of::text[], $day::date))
  -- filter source_kind
  AND c.source_id IN (SELECT sources_of($source_kind::text[]))
  -- filter q
  AND c.code IN (SELECT r.country FROM country_ranks($q::text) AS r)
  -- filter has
  -- With several values: the countries that have all of them.
  AND ((NOT 'statements' = ANY ($has::text[]) OR EXISTS (SELECT FROM statement AS x WHERE x.country = c.code))
    AND (NOT 'reservations' = ANY ($has::text[]) OR EXISTS (SELECT FROM statement AS x WHERE x.country = c.code AND x.kind = 'reservation'))
    AND (NOT 'declarations' = ANY ($has::text[]) OR EXISTS (SELECT FROM statement AS x WHERE x.country = c.code AND x.kind IN ('declaration', 'communication', 'authority', 'territorial')))
    AND (NOT 'authorities' = ANY ($has::text[]) OR EXISTS (SELECT FROM authority AS x WHERE x.country = c.code))
    AND (NOT 'strategies' = ANY ($has::text[]) OR EXISTS (SELECT FROM strategy AS x WHERE x.country = c.code))
    AND (NOT 'institutions' = ANY ($has::text[]) OR EXISTS (SELECT FROM institution AS x WHERE x.country = c.code))
    AND (NOT 'case_law' = ANY ($has::text[]) OR EXISTS (SELECT FROM court_case AS x WHERE x.country = c.code))
    AND (NOT 'legal_provisions' = ANY ($has::text[]) OR EXISTS (SELECT FROM legal_provision AS x WHERE x.country = c.code))
    AND (NOT 'references' = ANY ($has::text[]) OR EXISTS (SELECT FROM reference AS x WHERE x.country = c.code)))
