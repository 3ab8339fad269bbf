-- General tools, guides, courses, projects and databases.
-- Parameters: $lang, $base.
SELECT t.id, t.title, t.kind,
       localised(t.summary_en, t.summary_fr, $lang) AS summary,
       localised_lang(t.summary_en, t.summary_fr, $lang) AS summary_lang,
       t.url, t.verified_on, t.revision, rfc3339(t.updated_at) AS updated_at,
       source_json(t.source_id) AS source,
       json_build_object('self', $base || '/v1/tools/' || t.id) AS links
FROM tool AS t
WHERE true
  -- filter kind
  AND t.kind = ANY ($kind::text[])
  -- filter q
  AND strpos(fold(concat_ws(' ', t.title, t.summary_en, t.summary_fr)), fold($q::text)) > 0
  -- filter source_kind
  AND t.source_id IN (SELECT sources_of($source_kind::text[]))
