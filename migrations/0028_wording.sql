-- Where official wordings stand, what articles provide, and texts that operators add.

ALTER TABLE source ADD COLUMN kind text COLLATE "C" CHECK (kind IN ('depositary', 'official',
	'international_organisation', 'copy', 'secondary'));

CALL rewrite_changes('source', $$stored || jsonb_build_object('kind', NULL)$$);

CREATE INDEX source_kind ON source (kind, id);

COMMENT ON COLUMN source.kind IS 'depositary, official, international_organisation, copy (of an official text elsewhere) or secondary; NULL if not known.';

CREATE FUNCTION sources_of(kinds text[]) RETURNS SETOF text
LANGUAGE sql STABLE PARALLEL SAFE ROWS 200 AS $$
	SELECT s.id FROM source AS s WHERE s.kind = ANY (kinds)
$$;

COMMENT ON FUNCTION sources_of(text[]) IS 'The sources of one of these kinds.';

CREATE OR REPLACE FUNCTION source_json(source_id text) RETURNS json
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	RETURN (SELECT json_build_object('id', s.id, 'url', s.url, 'title', s.title, 'publisher', s.publisher,
			'kind', s.kind, 'as_of', s.as_of, 'retrieved_on', s.retrieved_on)
		FROM source AS s WHERE s.id = $1);
END
$$;

ALTER TABLE statement
	ADD COLUMN text_source_id text COLLATE "C" REFERENCES source DEFERRABLE,
	ADD COLUMN wording_source_id text COLLATE "C" REFERENCES source DEFERRABLE,
	ADD COLUMN wording_lang text COLLATE "C" CHECK (wording_lang ~ '^[a-z]{2,3}$'),
	ADD COLUMN dates_source_id text COLLATE "C" REFERENCES source DEFERRABLE,
	DROP CONSTRAINT statement_text_has_language_and_kind;
ALTER TABLE statement DISABLE TRIGGER USER;
UPDATE statement SET text_source_id = source_id WHERE text IS NOT NULL;
ALTER TABLE statement ENABLE TRIGGER USER;
ALTER TABLE statement
	ADD CONSTRAINT statement_text_has_language_and_source
		CHECK (num_nonnulls(text, text_lang, text_source_id) IN (0, 3) AND (text IS NOT NULL OR text_kind IS NULL)),
	ADD CONSTRAINT statement_wording_language_has_source
		CHECK (wording_lang IS NULL OR wording_source_id IS NOT NULL);

CALL rewrite_changes('statement', $$stored || jsonb_build_object(
	'text_source_id', CASE WHEN stored ->> 'text' IS NOT NULL THEN stored -> 'source_id' END,
	'wording_source_id', NULL, 'wording_lang', NULL, 'dates_source_id', NULL)$$);

CREATE INDEX statement_text_source ON statement (text_source_id);
CREATE INDEX statement_wording_source ON statement (wording_source_id);
CREATE INDEX statement_dates_source ON statement (dates_source_id);

COMMENT ON COLUMN statement.text IS 'Text of the statement, if an operator adds it.';
COMMENT ON COLUMN statement.text_kind IS 'authentic, official_translation or unofficial_translation; NULL if not known.';
COMMENT ON COLUMN statement.text_source_id IS 'Source of that text.';
COMMENT ON COLUMN statement.wording_source_id IS 'Where the full official wording stands; NULL if not known.';
COMMENT ON COLUMN statement.wording_lang IS 'Language of the wording there.';
COMMENT ON COLUMN statement.dates_source_id IS 'Source of the dates where it is another one; NULL: that of the row.';

ALTER TABLE article
	ADD COLUMN summary_en text CHECK (summary_en <> ''),
	ADD COLUMN summary_fr text CHECK (summary_fr <> '');

CALL rewrite_changes('article', $$stored || jsonb_build_object('summary_en', NULL, 'summary_fr', NULL)$$);

COMMENT ON COLUMN article.summary_en IS 'What it provides, in our own words, in English.';
COMMENT ON COLUMN article.summary_fr IS 'What it provides, in our own words, in French.';
COMMENT ON COLUMN article.title_en IS 'Heading in English, if a source shows it; paragraphs have none.';

CREATE TABLE article_text (
	article_id text COLLATE "C" NOT NULL GENERATED ALWAYS AS (treaty || '-' || article) STORED,
	treaty text COLLATE "C" NOT NULL,
	article text COLLATE "C" NOT NULL,
	lang text COLLATE "C" NOT NULL CHECK (lang ~ '^[a-z]{2,3}$'),
	kind text COLLATE "C" CHECK (kind IN ('authentic', 'official_translation', 'unofficial_translation')),
	text text NOT NULL CHECK (text <> ''),
	source_id text COLLATE "C" NOT NULL REFERENCES source DEFERRABLE,
	PRIMARY KEY (treaty, article, lang),
	FOREIGN KEY (treaty, article) REFERENCES article (treaty, article) ON DELETE CASCADE DEFERRABLE
);

CREATE INDEX article_text_source ON article_text (source_id);

COMMENT ON TABLE article_text IS 'The text of an article in a language, if an operator adds it. Part of the article: a change here is a change of the article.';
COMMENT ON COLUMN article_text.article_id IS 'Identifier of the article.';
COMMENT ON COLUMN article_text.treaty IS 'The instrument.';
COMMENT ON COLUMN article_text.article IS 'The article or paragraph.';
COMMENT ON COLUMN article_text.lang IS 'Language of the text.';
COMMENT ON COLUMN article_text.kind IS 'authentic, official_translation or unofficial_translation; NULL if not known.';
COMMENT ON COLUMN article_text.text IS 'The text.';
COMMENT ON COLUMN article_text.source_id IS 'Source of this row.';

CALL record_parts_of('article_text', 'article_id', 'article');
