-- Useful links of a country, and general tools.

CREATE TABLE reference (
	id text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
	country text COLLATE "C" NOT NULL REFERENCES country DEFERRABLE,
	title text NOT NULL CHECK (title <> ''),
	url text NOT NULL CHECK (url ~ '^https?://[^[:space:]]+$'),
	source_id text COLLATE "C" NOT NULL REFERENCES source DEFERRABLE,
	verified_on date,
	revision bigint NOT NULL,
	updated_at timestamptz NOT NULL
);

CREATE INDEX reference_country ON reference (country, id);
CREATE INDEX reference_source ON reference (source_id);
CREATE INDEX reference_updated_at ON reference (updated_at, id);

COMMENT ON TABLE reference IS 'A useful link of a country.';
COMMENT ON COLUMN reference.id IS 'Identifier; never changes and is never reused.';
COMMENT ON COLUMN reference.country IS 'The country.';
COMMENT ON COLUMN reference.title IS 'Title of the linked page.';
COMMENT ON COLUMN reference.url IS 'The link.';
COMMENT ON COLUMN reference.source_id IS 'Source of this row.';
COMMENT ON COLUMN reference.verified_on IS 'Day on which the row was last checked against its source.';
COMMENT ON COLUMN reference.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';
COMMENT ON COLUMN reference.updated_at IS 'Time of that revision; set by triggers.';

CREATE TABLE tool (
	id text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
	title text NOT NULL CHECK (title <> ''),
	kind text COLLATE "C" NOT NULL CHECK (kind IN ('platform', 'database', 'template', 'committee',
		'guidance_note', 'course', 'guide', 'training_material', 'report', 'project')),
	summary_en text CHECK (summary_en <> ''),
	summary_fr text CHECK (summary_fr <> ''),
	url text NOT NULL CHECK (url ~ '^https?://[^[:space:]]+$'),
	source_id text COLLATE "C" NOT NULL REFERENCES source DEFERRABLE,
	verified_on date,
	revision bigint NOT NULL,
	updated_at timestamptz NOT NULL
);

CREATE INDEX tool_kind ON tool (kind, id);
CREATE INDEX tool_source ON tool (source_id);
CREATE INDEX tool_updated_at ON tool (updated_at, id);

COMMENT ON TABLE tool IS 'A general tool, guide, course, project or database for practitioners.';
COMMENT ON COLUMN tool.id IS 'Identifier; never changes and is never reused.';
COMMENT ON COLUMN tool.title IS 'Title.';
COMMENT ON COLUMN tool.kind IS 'platform, database, template, committee, guidance_note, course, guide, training_material, report or project.';
COMMENT ON COLUMN tool.summary_en IS 'Summary in our own words, in English.';
COMMENT ON COLUMN tool.summary_fr IS 'Summary in our own words, in French.';
COMMENT ON COLUMN tool.url IS 'Its address.';
COMMENT ON COLUMN tool.source_id IS 'Source of this row.';
COMMENT ON COLUMN tool.verified_on IS 'Day on which the row was last checked against its source.';
COMMENT ON COLUMN tool.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';
COMMENT ON COLUMN tool.updated_at IS 'Time of that revision; set by triggers.';
