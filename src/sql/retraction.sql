-- The record that replaces a retracted one; no row when it was not retracted.
-- Parameters: $relation, $key, $treaty.
SELECT c.replaced_by
FROM change AS c
-- The identifier of an article in `change` begins with its treaty.
WHERE c.relation = ANY ($relation::text[])
  AND c.record = ANY (ARRAY[$key, ($treaty::text[])[1] || '-' || $key])
  AND c.operation = 'retract'
  AND NOT EXISTS (SELECT FROM change AS later
                  WHERE later.relation = c.relation
                    AND later.record = c.record
                    AND (later.revision, later.ordinal) > (c.revision, c.ordinal)
                    AND later.operation = 'create')
  -- filter kind
  AND c.before ->> 'kind' = ANY ($kind::text[])
