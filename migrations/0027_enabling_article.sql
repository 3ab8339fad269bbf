-- The enabling articles, which allow a reservation, declaration or communication, under all three
-- instruments. They are law, not reported facts: only a migration changes them.

ALTER TABLE statement DROP CONSTRAINT statement_treaty_hook_fkey;
DROP INDEX statement_hook;
DROP FUNCTION statement_hook(text, text[]);
DROP TABLE hook;

CREATE TABLE enabling_article (
	statement_treaty text COLLATE "C" NOT NULL CHECK (statement_treaty ~ '^[0-9]{3}$'),
	treaty text COLLATE "C" NOT NULL CHECK (treaty ~ '^[0-9]{3}$'),
	article text COLLATE "C" NOT NULL CHECK (article ~ '^[0-9]{1,2}([.][0-9a-z]+)*$'),
	permits text COLLATE "C" NOT NULL CHECK (permits IN ('reservation', 'declaration', 'communication')),
	allowed_by text COLLATE "C" NOT NULL CHECK (allowed_by ~ '^[0-9]{1,2}([.][0-9a-z]+)*$'),
	PRIMARY KEY (statement_treaty, treaty, article)
);

COMMENT ON TABLE enabling_article IS 'A provision that allows a reservation, declaration or communication.';
COMMENT ON COLUMN enabling_article.statement_treaty IS 'The instrument of the statements that it allows. Not a foreign key, since these rows exist before any data is imported.';
COMMENT ON COLUMN enabling_article.treaty IS 'The instrument of the provision: that of the statements, except for provisions of the Convention with respect to the First Protocol.';
COMMENT ON COLUMN enabling_article.article IS 'The provision.';
COMMENT ON COLUMN enabling_article.permits IS 'The kind of statement that it allows: reservation, declaration or communication.';
COMMENT ON COLUMN enabling_article.allowed_by IS 'The final provision of the instrument of the statements that names it, such as 42; the provision itself if no final provision does.';

INSERT INTO enabling_article (statement_treaty, treaty, article, permits, allowed_by)
SELECT rule.statement_treaty, rule.treaty, article, rule.permits, rule.allowed_by
FROM (VALUES
	('185', '185', 'reservation', '42', '{4.2,6.3,9.4,10.3,11.3,14.3,22.2,29.4,41.1}'::text[]),
	('185', '185', 'declaration', '40', '{2,3,6.1.b,7,9.3,27.9.e}'),
	('189', '189', 'reservation', '12.2', '{3.2,3.3,5.2.b,6.2.b}'),
	('189', '185', 'reservation', '12.2', '{22.2,41.1}'),
	('189', '189', 'declaration', '12.3', '{5.2.a,6.2.a}'),
	-- That the Convention's reservations and declarations do not apply to the Protocol.
	('189', '189', 'declaration', '12.1', '{12.1}'),
	('224', '224', 'reservation', '19.1', '{7.9.a}'),
	('224', '224', 'declaration', '19.2', '{8.11}'),
	('224', '224', 'communication', '19.3', '{8.10.a,8.10.b,14.7.c,14.10.b}'),
	('224', '224', 'communication', '6.6', '{6.6}')
) AS rule (statement_treaty, treaty, permits, allowed_by, articles), unnest(rule.articles) AS article;

-- The instrument of an article that a statement names.
CREATE FUNCTION named_article_treaty(statement_treaty text, article text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN EXISTS (SELECT FROM enabling_article AS e
			WHERE e.statement_treaty = $1 AND e.treaty <> e.statement_treaty
			AND split_part(e.article, '.', 1) = split_part($2, '.', 1))
		THEN '185' ELSE $1 END
$$;

COMMENT ON FUNCTION named_article_treaty(text, text) IS 'The instrument to which an article that a statement names belongs: that of the statement, but the Convention for its Articles 22 and 41 in a statement under the First Protocol, which has no articles of these numbers.';

-- An article above enabling ones stands for the first of those that permits its kind.
CREATE FUNCTION statement_enabling_article(treaty text, kind text, articles text[])
RETURNS TABLE (enabling_treaty text, enabling_article text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
	SELECT found.treaty, found.article
	FROM (
		SELECT 1 AS choice, named.position, e.treaty, e.article, -length(e.article) AS closest, '' AS place
		FROM unnest($3) WITH ORDINALITY AS named (article, position)
		JOIN enabling_article AS e ON e.statement_treaty = $1 AND named.article || '.' ^@ (e.article || '.')
		UNION ALL
		SELECT 1, named.position, e.treaty, e.article, 1, article_order(e.article)
		FROM unnest($3) WITH ORDINALITY AS named (article, position)
		JOIN enabling_article AS e ON e.statement_treaty = $1 AND e.article ^@ (named.article || '.')
			AND e.permits = CASE $2 WHEN 'authority' THEN 'communication' ELSE $2 END
		UNION ALL
		SELECT 2, named.position, '185', of_article.enabling, 1, ''
		FROM unnest($3) WITH ORDINALITY AS named (article, position)
		JOIN (VALUES ('6', '6.3'), ('9', '9.4'), ('10', '10.3'), ('11', '11.3'), ('14', '14.3'),
			('20', '14.3'), ('21', '14.3'), ('22', '22.2')) AS of_article (article, enabling)
			ON of_article.article = split_part(named.article, '.', 1)
		WHERE $1 = '185'
	) AS found
	ORDER BY found.choice, found.position, found.closest, found.place COLLATE "C"
	LIMIT 1
$$;

COMMENT ON FUNCTION statement_enabling_article(text, text, text[]) IS 'The enabling article of a statement of this treaty and kind that names these articles: the one that equals or contains the first article, or the first below it that permits the kind (an authority counts as a communication); else under the Convention that of its whole article; no row if there is none.';

ALTER TABLE statement RENAME COLUMN hook TO enabling_article;
ALTER TABLE statement ADD COLUMN enabling_treaty text COLLATE "C";
ALTER TABLE statement DISABLE TRIGGER USER;
UPDATE statement SET enabling_treaty = treaty WHERE enabling_article IS NOT NULL;
ALTER TABLE statement ENABLE TRIGGER USER;
ALTER TABLE statement
	ADD FOREIGN KEY (treaty, enabling_treaty, enabling_article)
		REFERENCES enabling_article (statement_treaty, treaty, article) DEFERRABLE,
	ADD CONSTRAINT statement_enabling_article_has_treaty
		CHECK (num_nonnulls(enabling_treaty, enabling_article) IN (0, 2));

CREATE INDEX statement_enabling_article ON statement (treaty, enabling_treaty, enabling_article, id);

CALL rewrite_changes('statement', $$stored - 'hook' || jsonb_build_object(
	'enabling_article', stored -> 'hook',
	'enabling_treaty', CASE WHEN stored ->> 'hook' IS NOT NULL THEN stored -> 'treaty' END)$$);

COMMENT ON COLUMN statement.enabling_treaty IS 'The instrument of the enabling article: that of the statement, or the Convention for its Articles 22.2 and 41.1 in a statement under the First Protocol.';
COMMENT ON COLUMN statement.enabling_article IS 'The article that allows it, found by statement_enabling_article; NULL if none does.';

-- A statement under the First Protocol may name articles of the Convention.
ALTER TABLE statement_article
	DROP CONSTRAINT statement_article_statement_id_treaty_fkey,
	DROP CONSTRAINT statement_article_role_check,
	ADD FOREIGN KEY (statement_id) REFERENCES statement ON DELETE CASCADE DEFERRABLE;
ALTER TABLE statement DROP CONSTRAINT statement_id_treaty_key;

ALTER TABLE statement_article DISABLE TRIGGER USER;
UPDATE statement_article SET role = CASE role WHEN 'hook' THEN 'enabling' ELSE 'affected' END;
ALTER TABLE statement_article ENABLE TRIGGER USER;
ALTER TABLE statement_article ADD CONSTRAINT statement_article_role_check
	CHECK (role IN ('enabling', 'affected'));

CALL rewrite_changes('statement_article', $$stored || jsonb_build_object(
	'role', CASE stored ->> 'role' WHEN 'hook' THEN 'enabling' ELSE 'affected' END)$$);

COMMENT ON COLUMN statement_article.treaty IS 'The instrument of the article: that of the statement, except for articles of the Convention that a statement under the First Protocol names.';
COMMENT ON COLUMN statement_article.role IS 'enabling: the article that allows the statement, or lies under it or stands for it; affected: any other.';
COMMENT ON TABLE article IS 'An article, or a paragraph that a statement, an enabling article or another record refers to.';

ALTER TABLE authority DROP CONSTRAINT authority_role_check;
ALTER TABLE authority ADD CONSTRAINT authority_role_check CHECK (role IN ('extradition',
	'mutual_assistance', 'network_24_7', 'consultation', 'orders', 'data_protection'));

COMMENT ON COLUMN authority.role IS 'extradition, mutual_assistance or network_24_7 (point of contact); under the Second Protocol consultation, orders or data_protection.';
