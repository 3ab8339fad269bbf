-- The differences between each table and its future contents.
SELECT r.relation, d.added, d.changed, d.unchanged, d.retracted
FROM pg_temp.relations() AS r, LATERAL pg_temp.compare(r.relation) AS d
ORDER BY r.nr;
