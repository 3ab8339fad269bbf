-- Where everything is: one member a collection.
-- Parameters: $base, $collections (what the route table has below /v1).
SELECT json_object_agg(replace(split_part(collection.name, '.', 1), '-', '_'),
                       concat_ws('/', $base || '/v1', nullif(collection.name, 'self'))
                       ORDER BY collection.position) AS value
FROM unnest($collections::text[]) WITH ORDINALITY AS collection (name, position)
