-- The addresses of all collections.
-- Parameters: $base, $collections (the names below /v1 in the route table).
SELECT json_object_agg(replace(split_part(collection.name, '.', 1), '-', '_'),
                       concat_ws('/', $base || '/v1', nullif(collection.name, 'self'))
                       ORDER BY collection.position) AS value
FROM unnest($collections::text[]) WITH ORDINALITY AS collection (name, position)
