-- Countries and territories of ISO 3166-1 with their UN M49 regions.

CREATE TABLE country (
	code text COLLATE "C" PRIMARY KEY CHECK (code ~ '^[A-Z]{2}$'),
	alpha3 text COLLATE "C" NOT NULL UNIQUE CHECK (alpha3 ~ '^[A-Z]{3}$'),
	numeric text COLLATE "C" NOT NULL UNIQUE CHECK (numeric ~ '^[0-9]{3}$'),
	name_en text NOT NULL CHECK (name_en <> ''),
	name_fr text CHECK (name_fr <> ''),
	official_name_en text CHECK (official_name_en <> ''),
	official_name_fr text CHECK (official_name_fr <> ''),
	region_code text COLLATE "C" CHECK (region_code <> ''),
	region_en text CHECK (region_en <> ''),
	region_fr text CHECK (region_fr <> ''),
	subregion_code text COLLATE "C" CHECK (subregion_code <> ''),
	subregion_en text CHECK (subregion_en <> ''),
	subregion_fr text CHECK (subregion_fr <> ''),
	coe_member boolean,
	source_id text COLLATE "C" NOT NULL REFERENCES source DEFERRABLE,
	verified_on date,
	revision bigint NOT NULL,
	updated_at timestamptz NOT NULL
);

CREATE INDEX country_region ON country (region_code, code);
CREATE INDEX country_subregion ON country (subregion_code, code);
CREATE INDEX country_coe_member ON country (coe_member, code);
CREATE INDEX country_source ON country (source_id);
CREATE INDEX country_updated_at ON country (updated_at, code);

COMMENT ON TABLE country IS 'A country or territory of ISO 3166-1.';
COMMENT ON COLUMN country.code IS 'ISO 3166-1 alpha-2 code; the identifier.';
COMMENT ON COLUMN country.alpha3 IS 'ISO 3166-1 alpha-3 code.';
COMMENT ON COLUMN country.numeric IS 'ISO 3166-1 numeric code: three digits, as text.';
COMMENT ON COLUMN country.name_en IS 'Short name in English.';
COMMENT ON COLUMN country.name_fr IS 'Short name in French.';
COMMENT ON COLUMN country.official_name_en IS 'Official name in English; NULL if it equals the short name or is not known.';
COMMENT ON COLUMN country.official_name_fr IS 'Official name in French.';
COMMENT ON COLUMN country.region_code IS 'UN M49 code of the region, as text.';
COMMENT ON COLUMN country.region_en IS 'Name of the region in English.';
COMMENT ON COLUMN country.region_fr IS 'Name of the region in French.';
COMMENT ON COLUMN country.subregion_code IS 'UN M49 code of the subregion, or the code that the data uses where M49 has none.';
COMMENT ON COLUMN country.subregion_en IS 'Name of the subregion in English.';
COMMENT ON COLUMN country.subregion_fr IS 'Name of the subregion in French.';
COMMENT ON COLUMN country.coe_member IS 'Whether it is a member State of the Council of Europe; NULL if not known.';
COMMENT ON COLUMN country.source_id IS 'Source of this row.';
COMMENT ON COLUMN country.verified_on IS 'Day on which the row was last checked against its source.';
COMMENT ON COLUMN country.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';
COMMENT ON COLUMN country.updated_at IS 'Time of that revision; set by triggers.';
