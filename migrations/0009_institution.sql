-- Ministries, agencies, police units, CSIRTs and other bodies of a country's profile.

CREATE TABLE institution (
	id text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
	country text COLLATE "C" NOT NULL REFERENCES country DEFERRABLE,
	name_en text NOT NULL CHECK (name_en <> ''),
	name_fr text CHECK (name_fr <> ''),
	name_original text CHECK (name_original <> ''),
	kind text COLLATE "C" NOT NULL CHECK (kind IN ('ministry', 'agency', 'police', 'prosecution',
		'judiciary', 'csirt', 'regulator', 'contact_point')),
	role_en text CHECK (role_en <> ''),
	role_fr text CHECK (role_fr <> ''),
	url text CHECK (url ~ '^https?://[^[:space:]]+$'),
	source_id text COLLATE "C" NOT NULL REFERENCES source DEFERRABLE,
	verified_on date,
	revision bigint NOT NULL,
	updated_at timestamptz NOT NULL
);

CREATE INDEX institution_country ON institution (country, id);
CREATE INDEX institution_kind ON institution (kind, id);
CREATE INDEX institution_source ON institution (source_id);
CREATE INDEX institution_updated_at ON institution (updated_at, id);

COMMENT ON TABLE institution IS 'A body of a country that deals with cybercrime or cybersecurity.';
COMMENT ON COLUMN institution.id IS 'Identifier; never changes and is never reused.';
COMMENT ON COLUMN institution.country IS 'The country.';
COMMENT ON COLUMN institution.name_en IS 'Name in English, never of a person.';
COMMENT ON COLUMN institution.name_fr IS 'Name in French.';
COMMENT ON COLUMN institution.name_original IS 'Name in its own language.';
COMMENT ON COLUMN institution.kind IS 'ministry, agency, police, prosecution, judiciary, csirt, regulator or contact_point.';
COMMENT ON COLUMN institution.role_en IS 'Its function, in English.';
COMMENT ON COLUMN institution.role_fr IS 'Its function, in French.';
COMMENT ON COLUMN institution.url IS 'Its website; NULL if no source states one.';
COMMENT ON COLUMN institution.source_id IS 'Source of this row.';
COMMENT ON COLUMN institution.verified_on IS 'Day on which the row was last checked against its source.';
COMMENT ON COLUMN institution.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';
COMMENT ON COLUMN institution.updated_at IS 'Time of that revision; set by triggers.';
