-- Designated authorities and contact points, with the dates of the statement that names them.
-- Parameters: $day, $lang, $base.
SELECT a.id, a.country,
       localised(c.name_en, c.name_fr, $lang) AS country_name,
       a.treaty, a.article, a.role, a.name, a.place, a.url,
       a.statement_id AS statement,
       s.made_on, s.effective_from, s.withdrawn_on,
       statement_in_force(s, $day::date) AS in_force,
       statement_next_change(s, $day::date) AS next_change_on,
       a.verified_on, a.revision, rfc3339(a.updated_at) AS updated_at,
       source_json(a.source_id) AS source,
       json_build_object(
         'self', $base || '/v1/authorities/' || a.id,
         'country', $base || '/v1/countries/' || a.country,
         'treaty', $base || '/v1/treaties/' || a.treaty,
         'article', $base || '/v1/treaties/' || a.treaty || '/articles/' || a.article,
         'statement', $base || '/v1/statements/' || a.statement_id) AS links
FROM authority AS a
-- A country always exists; the planner removes a LEFT JOIN where rows are only counted.
LEFT JOIN country AS c ON c.code = a.country
LEFT JOIN statement AS s ON s.id = a.statement_id
CROSS JOIN LATERAL (
  SELECT (SELECT treaties_open_on($day::date)) AS open,
         (SELECT min(f.date) FROM action AS f
          WHERE f.country = a.country AND f.treaty = a.treaty) AS first_act) AS d
-- An authority without a statement has no dates: it is listed like undated statements.
WHERE CASE WHEN a.statement_id IS NOT NULL
             THEN statement_shown(s, $day::date, d.open, d.first_act)
           ELSE (d.first_act > $day::date) IS NOT TRUE AND a.treaty = ANY (d.open) END
  -- filter country
  -- What a country has designated, and what the statements of others name for a territory.
  AND (a.country = ANY ($country::text[]) OR a.statement_id = ANY (ARRAY(
         SELECT n.id FROM statement AS n WHERE n.territories && $country::text[])))
  -- filter maker
  AND a.country = ANY ($maker::text[])
  -- filter territory
  AND a.statement_id = ANY (ARRAY(
        SELECT n.id FROM statement AS n WHERE n.territories && $territory::text[]))
  -- filter treaty
  AND a.treaty = ANY ($treaty::text[])
  -- filter article
  AND a.article = ANY (ARRAY(SELECT w.article FROM articles_under($article::text[]) AS w))
  -- filter role
  AND a.role = ANY ($role::text[])
  -- filter in_force
  AND coalesce(statement_in_force(s, $day::date)::text, 'unknown') = ANY ($in_force::text[])
  -- filter q
  AND strpos(fold(concat_ws(' ', a.name, a.place)), fold($q::text)) > 0
  -- filter region
  AND a.country IN (SELECT countries_in($region::text[]))
  -- filter member_of
  AND a.country IN (SELECT members_on($member_of::text[], $day::date))
  -- filter source_kind
  AND a.source_id IN (SELECT sources_of($source_kind::text[]))
