-- The codes of every country, for resolving addresses and filters.
SELECT c.code, c.alpha3, c.numeric, d.revision, country_alias(c.code) AS alias
FROM country AS c
CROSS JOIN dataset_revision AS d
ORDER BY c.code
