-- Court decisions, and the articles of the Convention that they concern.

CREATE TABLE court_case (
	id text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
	country text COLLATE "C" NOT NULL REFERENCES country DEFERRABLE,
	title text CHECK (title <> ''),
	court text CHECK (court <> ''),
	decided_on date,
	citation text CHECK (citation <> ''),
	summary_en text CHECK (summary_en <> ''),
	summary_fr text CHECK (summary_fr <> ''),
	url text CHECK (url ~ '^https?://[^[:space:]]+$'),
	source_id text COLLATE "C" NOT NULL REFERENCES source DEFERRABLE,
	verified_on date,
	revision bigint NOT NULL,
	updated_at timestamptz NOT NULL,
	CONSTRAINT court_case_has_title_or_citation CHECK (num_nonnulls(title, citation) > 0)
);

CREATE INDEX court_case_country ON court_case (country, id);
CREATE INDEX court_case_decided_on ON court_case (coalesce(decided_on, 'infinity'::date), id);
CREATE INDEX court_case_decided_on_down ON court_case (coalesce(decided_on, '-infinity'::date), id);
CREATE INDEX court_case_source ON court_case (source_id);
CREATE INDEX court_case_updated_at ON court_case (updated_at, id);

COMMENT ON TABLE court_case IS 'A decision of a national or international court, listed under the State that it concerns.';
COMMENT ON COLUMN court_case.id IS 'Identifier; never changes and is never reused.';
COMMENT ON COLUMN court_case.country IS 'The State.';
COMMENT ON COLUMN court_case.title IS 'Published title.';
COMMENT ON COLUMN court_case.court IS 'The court.';
COMMENT ON COLUMN court_case.decided_on IS 'Day of the decision; NULL if not known.';
COMMENT ON COLUMN court_case.citation IS 'Official or neutral citation.';
COMMENT ON COLUMN court_case.summary_en IS 'Summary in our own words, in English.';
COMMENT ON COLUMN court_case.summary_fr IS 'Summary in our own words, in French.';
COMMENT ON COLUMN court_case.url IS 'Address of the decision.';
COMMENT ON COLUMN court_case.source_id IS 'Source of this row.';
COMMENT ON COLUMN court_case.verified_on IS 'Day on which the row was last checked against its source.';
COMMENT ON COLUMN court_case.revision IS 'Dataset revision that last changed the public content of this row or its articles; set by triggers.';
COMMENT ON COLUMN court_case.updated_at IS 'Time of that revision; set by triggers.';

CREATE TABLE court_case_article (
	court_case_id text COLLATE "C" NOT NULL REFERENCES court_case ON DELETE CASCADE DEFERRABLE,
	position integer NOT NULL CHECK (position > 0),
	treaty text COLLATE "C" NOT NULL DEFAULT '185',
	article text COLLATE "C" NOT NULL,
	PRIMARY KEY (court_case_id, position),
	UNIQUE (court_case_id, treaty, article) DEFERRABLE,
	FOREIGN KEY (treaty, article) REFERENCES article (treaty, article) DEFERRABLE
);

CREATE INDEX court_case_article_article ON court_case_article (treaty, article, court_case_id);

COMMENT ON TABLE court_case_article IS 'An article that a decision concerns. Part of the case: a change here is a change of the case.';
COMMENT ON COLUMN court_case_article.court_case_id IS 'The case.';
COMMENT ON COLUMN court_case_article.position IS 'Position in the list, from 1.';
COMMENT ON COLUMN court_case_article.treaty IS 'The instrument.';
COMMENT ON COLUMN court_case_article.article IS 'The article or paragraph.';
