-- Decisions of courts and the articles of the Convention that they concern.
-- Parameters: $lang, $base.
SELECT k.id, k.country,
       localised(c.name_en, c.name_fr, $lang) AS country_name,
       k.title, k.court, k.decided_on, k.citation,
       localised(k.summary_en, k.summary_fr, $lang) AS summary,
       localised_lang(k.summary_en, k.summary_fr, $lang) AS summary_lang,
       ARRAY(SELECT n.article
             FROM court_case_article AS n
             WHERE n.court_case_id = k.id
             ORDER BY n.position) AS articles,
       k.url, k.verified_on, k.revision, rfc3339(k.updated_at) AS updated_at,
       source_json(k.source_id) AS source,
       json_build_object(
         'self', $base || '/v1/case-law/' || k.id,
         'country', $base || '/v1/countries/' || k.country) AS links
FROM court_case AS k
JOIN country AS c ON c.code = k.country
WHERE true
  -- filter country
  AND k.country = ANY ($country::text[])
  -- filter article
  AND EXISTS
       (SELECT FROM court_case_article AS n
        WHERE n.court_case_id = k.id AND article_fits(n.article, $article::text[]))
  -- filter q
  AND strpos(fold(concat_ws(' ', k.title, k.court, k.citation, k.summary_en,
                            k.summary_fr)), fold($q::text)) > 0
  -- filter region
  AND k.country IN (SELECT countries_in($region::text[]))
  -- filter member_of
  AND k.country IN (SELECT members_on($member_of::text[], $day::date))
  -- filter source_kind
  AND k.source_id IN (SELECT sources_of($source_kind::text[]))
