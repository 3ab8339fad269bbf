-- Provisions of domestic law and the articles of the Convention that they implement.
-- Parameters: $lang, $base.
SELECT p.id, p.country,
       localised(c.name_en, c.name_fr, $lang) AS country_name,
       p.treaty, p.convention_article AS article,
       localised(a.title_en, a.title_fr, $lang) AS article_title,
       localised_lang(a.title_en, a.title_fr, $lang) AS article_title_lang,
       p.law_title, p.provision,
       localised(p.note_en, p.note_fr, $lang) AS note,
       localised_lang(p.note_en, p.note_fr, $lang) AS note_lang,
       p.url, p.verified_on, p.revision, rfc3339(p.updated_at) AS updated_at,
       source_json(p.source_id) AS source,
       json_build_object(
         'self', $base || '/v1/legal-provisions/' || p.id,
         'country', $base || '/v1/countries/' || p.country,
         'article', $base || '/v1/treaties/' || p.treaty || '/articles/' || p.convention_article) AS links
FROM legal_provision AS p
JOIN country AS c ON c.code = p.country
-- Paragraphs have no title; the title is that of the whole article.
LEFT JOIN article AS a ON a.treaty = p.treaty AND a.article = split_part(p.convention_article, '.', 1)
WHERE true
  -- filter country
  AND p.country = ANY ($country::text[])
  -- filter article
  AND article_fits(p.convention_article, $article::text[])
  -- filter q
  AND strpos(fold(concat_ws(' ', p.law_title, p.provision, p.note_en, p.note_fr)),
             fold($q::text)) > 0
  -- filter region
  AND p.country IN (SELECT countries_in($region::text[]))
  -- filter member_of
  AND p.country IN (SELECT members_on($member_of::text[], $day::date))
  -- filter source_kind
  AND p.source_id IN (SELECT sources_of($source_kind::text[]))
