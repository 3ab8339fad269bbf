-- The migrations that this database has.
SELECT m.name, m.checksum
FROM migration AS m
ORDER BY m.name
