-- article_texts.csv, in the order of the treaties and their articles.
SELECT t.treaty, t.article, t.lang, t.kind, t.text, t.source_id
FROM article_text AS t
ORDER BY t.treaty, article_order(t.article) COLLATE "C", t.lang
