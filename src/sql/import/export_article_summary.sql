-- article_summaries.csv, in the order of the treaties and their articles.
SELECT a.treaty, a.article, a.summary_en, a.summary_fr
FROM article AS a
WHERE num_nonnulls(a.summary_en, a.summary_fr) > 0
ORDER BY a.treaty, article_order(a.article) COLLATE "C"
