-- country_names.csv. Rows are in the order in which they were first recorded, that
-- of the imported files.
WITH first AS (
	SELECT record, after ->> 'lang' AS lang, after ->> 'kind' AS kind, after ->> 'name' AS name,
		min(ARRAY[revision, ordinal]) AS at
	FROM change WHERE relation = 'country_name' GROUP BY 1, 2, 3, 4
)
SELECT n.country, n.name, n.lang, n.kind, n.name_from, n.name_to, n.source_id
FROM country_name AS n
LEFT JOIN first ON first.record = n.country AND first.lang = n.lang AND first.kind = n.kind
	AND first.name = n.name
ORDER BY first.at, n.country, n.lang, n.kind, n.name
