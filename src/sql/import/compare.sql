-- How each table differs from what it is to hold.
SELECT r.relation, d.added, d.changed, d.unchanged, d.retracted
FROM pg_temp.relations() AS r, LATERAL pg_temp.compare(r.relation) AS d
ORDER BY r.nr;
