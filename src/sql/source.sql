-- The pages and documents that facts were read from. Parameters: $base; filter $q.
SELECT s.id, s.url, s.title, s.publisher, s.as_of, s.retrieved_on, s.revision, rfc3339(s.updated_at) AS updated_at,
       json_build_object('self', $base || '/v1/sources/' || s.id) AS links
FROM source AS s
WHERE ($q::text IS NULL OR strpos(fold(concat_ws(' ', s.title, s.publisher, s.url)), fold($q)) > 0)
