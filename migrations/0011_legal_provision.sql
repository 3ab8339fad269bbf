-- Domestic law by article of the Convention.

CREATE TABLE legal_provision (
	id text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
	country text COLLATE "C" NOT NULL REFERENCES country DEFERRABLE,
	treaty text COLLATE "C" NOT NULL DEFAULT '185',
	convention_article text COLLATE "C" NOT NULL,
	law_title text NOT NULL CHECK (law_title <> ''),
	provision text CHECK (provision <> ''),
	note_en text CHECK (note_en <> ''),
	note_fr text CHECK (note_fr <> ''),
	url text CHECK (url ~ '^https?://[^[:space:]]+$'),
	source_id text COLLATE "C" NOT NULL REFERENCES source DEFERRABLE,
	verified_on date,
	revision bigint NOT NULL,
	updated_at timestamptz NOT NULL,
	FOREIGN KEY (treaty, convention_article) REFERENCES article (treaty, article) DEFERRABLE
);

CREATE INDEX legal_provision_country ON legal_provision (country, id);
CREATE INDEX legal_provision_article ON legal_provision (treaty, convention_article, id);
CREATE INDEX legal_provision_source ON legal_provision (source_id);
CREATE INDEX legal_provision_updated_at ON legal_provision (updated_at, id);

COMMENT ON TABLE legal_provision IS 'A provision of domestic law that implements or matches an article of the Convention.';
COMMENT ON COLUMN legal_provision.id IS 'Identifier; never changes and is never reused.';
COMMENT ON COLUMN legal_provision.country IS 'The country.';
COMMENT ON COLUMN legal_provision.treaty IS 'The instrument.';
COMMENT ON COLUMN legal_provision.convention_article IS 'The article or paragraph of the instrument.';
COMMENT ON COLUMN legal_provision.law_title IS 'Title of the law.';
COMMENT ON COLUMN legal_provision.provision IS 'Section or article of the law, as printed.';
COMMENT ON COLUMN legal_provision.note_en IS 'Its content and the reason for the match, in English.';
COMMENT ON COLUMN legal_provision.note_fr IS 'Its content and the reason for the match, in French.';
COMMENT ON COLUMN legal_provision.url IS 'Address of the law.';
COMMENT ON COLUMN legal_provision.source_id IS 'Source of this row.';
COMMENT ON COLUMN legal_provision.verified_on IS 'Day on which the row was last checked against its source.';
COMMENT ON COLUMN legal_provision.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';
COMMENT ON COLUMN legal_provision.updated_at IS 'Time of that revision; set by triggers.';
