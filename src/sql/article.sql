-- Articles, and the paragraphs that a statement or an enabling article refers to. Parameters: $lang, $base.
SELECT a.treaty, a.article, a.parent,
       localised(a.title_en, a.title_fr, $lang) AS title,
       localised_lang(a.title_en, a.title_fr, $lang) AS title_lang,
       a.chapter, a.section,
       e.permits, e.allowed_by,
       a.revision, rfc3339(a.updated_at) AS updated_at,
       source_json(a.source_id) AS source,
       json_build_object(
         'self', $base || '/v1/treaties/' || a.treaty || '/articles/' || a.article,
         'parent', $base || '/v1/treaties/' || a.treaty || '/articles/' || a.parent,
         'treaty', $base || '/v1/treaties/' || a.treaty,
         'statements', $base || '/v1/treaties/' || a.treaty || '/statements?article=' || a.article) AS links
FROM article AS a
LEFT JOIN enabling_article AS e
  ON e.statement_treaty = a.treaty AND e.treaty = a.treaty AND e.article = a.article
WHERE true
  -- filter treaty
  AND a.treaty = ANY ($treaty::text[])
  -- filter q
  AND strpos(fold(concat_ws(' ', a.title_en, a.title_fr)), fold($q::text)) > 0
