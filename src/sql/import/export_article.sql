-- articles.csv: whole articles; paragraphs are derived from the records that cite them. Rows are in the
-- order in which they were first recorded, that of the imported files.
WITH first AS (
	SELECT record, min(ARRAY[revision, ordinal]) AS at
	FROM change WHERE relation = 'article' GROUP BY record
)
SELECT a.treaty, a.article, a.title_en, a.title_fr, a.chapter, a.section, a.source_id
FROM article AS a LEFT JOIN first ON first.record = a.id
WHERE a.parent IS NULL
ORDER BY first.at, a.id
