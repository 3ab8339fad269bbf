-- countries.csv. Rows are in the order in which they were first recorded, that
-- of the imported files.
WITH first AS (
	SELECT record, min(ARRAY[revision, ordinal]) AS at
	FROM change WHERE relation = 'country' GROUP BY record
)
SELECT c.code, c.alpha3, c.numeric, c.name_en, c.name_fr, c.official_name_en, c.official_name_fr,
	c.region_code, c.region_en, c.region_fr, c.subregion_code, c.subregion_en, c.subregion_fr,
	c.intermediate_region_code, c.intermediate_region_en, c.intermediate_region_fr, c.type,
	c.responsible_state, c.un_member::text, c.source_id
FROM country AS c LEFT JOIN first ON first.record = c.code
ORDER BY first.at, c.code
