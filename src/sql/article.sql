-- Articles, and the paragraphs that a statement or a hook refers to. Parameters: $lang, $base.
SELECT a.treaty, a.article, a.parent,
       localised(a.title_en, a.title_fr, $lang) AS title,
       localised_lang(a.title_en, a.title_fr, $lang) AS title_lang,
       a.chapter, a.section,
       (SELECT h.kind FROM hook AS h WHERE h.treaty = a.treaty AND h.article = a.article) AS hook,
       a.revision, rfc3339(a.updated_at) AS updated_at,
       source_json(a.source_id) AS source,
       json_build_object(
         'self', $base || '/v1/treaties/' || a.treaty || '/articles/' || a.article,
         'parent', $base || '/v1/treaties/' || a.treaty || '/articles/' || a.parent,
         'treaty', $base || '/v1/treaties/' || a.treaty,
         'statements', $base || '/v1/treaties/' || a.treaty || '/statements?article=' || a.article) AS links
FROM article AS a
WHERE true
  -- filter treaty
  AND a.treaty = ANY ($treaty::text[])
  -- filter q
  AND strpos(fold(concat_ws(' ', a.title_en, a.title_fr)), fold($q::text)) > 0
