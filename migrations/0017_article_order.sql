-- Articles in the order of the treaty: 2 before 10, 6 before 6.1 before 6.1.a.

CREATE FUNCTION article_order(article text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
	SELECT regexp_replace(article, '\m([0-9])\M', '0\1', 'g')
$$;

COMMENT ON FUNCTION article_order(text) IS 'A text that sorts in the order of the articles of a treaty.';

CREATE INDEX article_in_order ON article (article_order(article) COLLATE "C", article);
