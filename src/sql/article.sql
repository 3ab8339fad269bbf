-- Articles, and the paragraphs that a statement or an enabling article refers to. Parameters: $lang, $base.
SELECT a.treaty, a.article, a.parent,
       localised(a.title_en, a.title_fr, $lang) AS title,
       localised_lang(a.title_en, a.title_fr, $lang) AS title_lang,
       a.chapter, a.section,
       localised(a.summary_en, a.summary_fr, $lang) AS summary,
       localised_lang(a.summary_en, a.summary_fr, $lang) AS summary_lang,
       x.text, x.lang AS text_lang, x.kind AS text_kind, source_json(x.source_id) AS text_source,
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
-- The text in the requested language, else in English, else in any.
LEFT JOIN LATERAL (
  SELECT n.text, n.lang, n.kind, n.source_id
  FROM article_text AS n
  WHERE n.treaty = a.treaty AND n.article = a.article
  ORDER BY n.lang <> $lang, n.lang <> 'en', n.lang
  LIMIT 1) AS x ON true
WHERE true
  -- filter treaty
  AND a.treaty = ANY ($treaty::text[])
  -- filter q
  AND strpos(fold(concat_ws(' ', a.title_en, a.title_fr, a.summary_en, a.summary_fr)), fold($q::text)) > 0
  -- filter source_kind
  AND a.source_id IN (SELECT sources_of($source_kind::text[]))
