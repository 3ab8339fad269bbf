-- What replaces a retracted record; no row when it was not retracted. An article is recorded with
-- its treaty. Parameters: $relation, $key; filters $treaty, $kind.
SELECT c.replaced_by
FROM change AS c
WHERE c.relation = ANY ($relation::text[])
  AND c.record = ANY (ARRAY[$key, ($treaty::text[])[1] || '-' || $key])
  AND c.operation = 'retract'
  AND ($kind::text[] IS NULL OR c.before ->> 'kind' = ANY ($kind))
  AND NOT EXISTS (SELECT FROM change AS later
                  WHERE later.relation = c.relation
                    AND later.record = c.record
                    AND (later.revision, later.ordinal) > (c.revision, c.ordinal)
                    AND later.operation = 'create')
