-- The three instruments and their articles.

CREATE TABLE treaty (
	number text COLLATE "C" PRIMARY KEY CHECK (number ~ '^[0-9]{3}$'),
	ets_ref text NOT NULL CHECK (ets_ref <> ''),
	title_en text NOT NULL CHECK (title_en <> ''),
	title_fr text CHECK (title_fr <> ''),
	place_opened text CHECK (place_opened <> ''),
	opened_on date NOT NULL,
	entered_into_force_on date CHECK (entered_into_force_on >= opened_on),
	url text CHECK (url ~ '^https?://[^[:space:]]+$'),
	acts_complete boolean NOT NULL,
	source_id text COLLATE "C" NOT NULL REFERENCES source DEFERRABLE,
	verified_on date,
	revision bigint NOT NULL,
	updated_at timestamptz NOT NULL
);

CREATE INDEX treaty_source ON treaty (source_id);
CREATE INDEX treaty_updated_at ON treaty (updated_at, number);

COMMENT ON TABLE treaty IS 'A Council of Europe instrument: 185 (the Convention), 189 and 224 (its protocols).';
COMMENT ON COLUMN treaty.number IS 'Number in the Council of Europe Treaty Series, as text; the identifier.';
COMMENT ON COLUMN treaty.ets_ref IS 'Reference as printed: ETS No. 185, CETS No. 224.';
COMMENT ON COLUMN treaty.title_en IS 'Official title in English.';
COMMENT ON COLUMN treaty.title_fr IS 'Official title in French.';
COMMENT ON COLUMN treaty.place_opened IS 'The place where it was opened for signature.';
COMMENT ON COLUMN treaty.opened_on IS 'Day on which it was opened for signature.';
COMMENT ON COLUMN treaty.entered_into_force_on IS 'Day of its entry into force; NULL if it is not in force or the day is not known.';
COMMENT ON COLUMN treaty.url IS 'Official page.';
COMMENT ON COLUMN treaty.acts_complete IS 'Whether the acts of all States are considered complete; if not, the status of a State without acts is unknown.';
COMMENT ON COLUMN treaty.source_id IS 'Source of this row.';
COMMENT ON COLUMN treaty.verified_on IS 'Day on which the row was last checked against its source.';
COMMENT ON COLUMN treaty.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';
COMMENT ON COLUMN treaty.updated_at IS 'Time of that revision; set by triggers.';

CREATE TABLE article (
	id text COLLATE "C" NOT NULL UNIQUE GENERATED ALWAYS AS (treaty || '-' || article) STORED,
	treaty text COLLATE "C" NOT NULL REFERENCES treaty DEFERRABLE,
	article text COLLATE "C" NOT NULL CHECK (article ~ '^[0-9]{1,2}([.][0-9a-z]+)*$'),
	parent text COLLATE "C",
	title_en text CHECK (title_en <> ''),
	title_fr text CHECK (title_fr <> ''),
	chapter text CHECK (chapter <> ''),
	section text CHECK (section <> ''),
	source_id text COLLATE "C" NOT NULL REFERENCES source DEFERRABLE,
	verified_on date,
	revision bigint NOT NULL,
	updated_at timestamptz NOT NULL,
	PRIMARY KEY (treaty, article),
	FOREIGN KEY (treaty, parent) REFERENCES article (treaty, article) DEFERRABLE,
	CONSTRAINT article_lies_under_parent
		CHECK (regexp_replace(article, '[.]?[^.]+$', '') = coalesce(parent, ''))
);

CREATE INDEX article_parent ON article (treaty, parent);
CREATE INDEX article_source ON article (source_id);
CREATE INDEX article_updated_at ON article (updated_at, id);

COMMENT ON TABLE article IS 'An article, or a paragraph that a statement, a hook or another record refers to.';
COMMENT ON COLUMN article.id IS 'Identifier: treaty and article, such as 185-29.4.';
COMMENT ON COLUMN article.treaty IS 'The instrument.';
COMMENT ON COLUMN article.article IS 'Number of the article or paragraph, such as 6, 6.1.b.';
COMMENT ON COLUMN article.parent IS 'The article or paragraph that contains it: 6.1 for 6.1.b; NULL for a whole article.';
COMMENT ON COLUMN article.title_en IS 'Heading in English; paragraphs have none.';
COMMENT ON COLUMN article.title_fr IS 'Heading in French, if a source shows it.';
COMMENT ON COLUMN article.chapter IS 'Heading of the chapter; for a paragraph that of its article.';
COMMENT ON COLUMN article.section IS 'Headings of section and title; for a paragraph those of its article.';
COMMENT ON COLUMN article.source_id IS 'Source of this row; for a paragraph that of its article.';
COMMENT ON COLUMN article.verified_on IS 'Day on which the row was last checked against its source.';
COMMENT ON COLUMN article.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';
COMMENT ON COLUMN article.updated_at IS 'Time of that revision; set by triggers.';
