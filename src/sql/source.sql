-- The pages and documents that facts come from. Parameter: $base.
SELECT s.id, s.url, s.title, s.publisher, s.kind, s.as_of, s.retrieved_on,
       s.revision, rfc3339(s.updated_at) AS updated_at,
       json_build_object('self', $base || '/v1/sources/' || s.id) AS links
FROM source AS s
WHERE true
  -- filter q
  AND strpos(fold(concat_ws(' ', s.title, s.publisher, s.url)), fold($q::text)) > 0
  -- filter source_kind
  AND s.kind = ANY ($source_kind::text[])
