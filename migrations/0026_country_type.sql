-- States, territories and others; their names and memberships.

ALTER TABLE country
	DROP COLUMN coe_member,
	ADD COLUMN intermediate_region_code text COLLATE "C" CHECK (intermediate_region_code <> ''),
	ADD COLUMN intermediate_region_en text CHECK (intermediate_region_en <> ''),
	ADD COLUMN intermediate_region_fr text CHECK (intermediate_region_fr <> ''),
	ADD COLUMN type text COLLATE "C" CHECK (type IN ('state', 'territory', 'other')),
	ADD COLUMN responsible_state text COLLATE "C" REFERENCES country DEFERRABLE,
	ADD COLUMN un_member boolean,
	ADD CONSTRAINT country_territory_has_responsible_state
		CHECK ((type = 'territory') = (responsible_state IS NOT NULL)),
	ADD CONSTRAINT country_is_not_responsible_for_itself CHECK (responsible_state <> code);

CALL rewrite_changes('country', $$stored - 'coe_member' || jsonb_build_object(
	'intermediate_region_code', NULL, 'intermediate_region_en', NULL, 'intermediate_region_fr', NULL,
	'type', NULL, 'responsible_state', NULL, 'un_member', NULL)$$);

CREATE INDEX country_intermediate_region ON country (intermediate_region_code, code);
CREATE INDEX country_type ON country (type, code);
CREATE INDEX country_responsible_state ON country (responsible_state, code);

COMMENT ON COLUMN country.intermediate_region_code IS 'UN M49 code of the intermediate region, as text; NULL if M49 has none.';
COMMENT ON COLUMN country.intermediate_region_en IS 'Name of the intermediate region in English.';
COMMENT ON COLUMN country.intermediate_region_fr IS 'Name of the intermediate region in French.';
COMMENT ON COLUMN country.type IS 'state, territory (of a responsible State) or other (neither); NULL if not known.';
COMMENT ON COLUMN country.responsible_state IS 'The State whose treaty acts decide for this territory; no statement on title. NULL for a State, and where no such State is on record.';
COMMENT ON COLUMN country.un_member IS 'Whether it is a member of the United Nations; NULL if not known.';

CREATE TABLE country_name (
	country text COLLATE "C" NOT NULL REFERENCES country ON DELETE CASCADE DEFERRABLE,
	name text NOT NULL CHECK (name <> ''),
	lang text COLLATE "C" NOT NULL CHECK (lang ~ '^[a-z]{2,3}$'),
	kind text COLLATE "C" NOT NULL CHECK (kind IN ('official', 'short', 'alternative', 'abbreviation',
		'former')),
	name_from date,
	name_to date CHECK (name_to > name_from),
	source_id text COLLATE "C" NOT NULL REFERENCES source DEFERRABLE,
	PRIMARY KEY (country, lang, kind, name)
);

CREATE INDEX country_name_source ON country_name (source_id);

COMMENT ON TABLE country_name IS 'A name that people use for a country. Part of the country: a change here is a change of the country.';
COMMENT ON COLUMN country_name.country IS 'The country.';
COMMENT ON COLUMN country_name.name IS 'The name.';
COMMENT ON COLUMN country_name.lang IS 'Language of the name.';
COMMENT ON COLUMN country_name.kind IS 'official, short, alternative, abbreviation or former.';
COMMENT ON COLUMN country_name.name_from IS 'First day of the name; NULL if not known.';
COMMENT ON COLUMN country_name.name_to IS 'First day on which the name was no longer used; NULL if it is used, or if the day is not known.';
COMMENT ON COLUMN country_name.source_id IS 'Source of this row.';

CREATE TABLE membership (
	organisation text COLLATE "C" NOT NULL CHECK (organisation IN ('ASEAN', 'CoE', 'EU')),
	country text COLLATE "C" NOT NULL REFERENCES country ON DELETE CASCADE DEFERRABLE,
	member_from date NOT NULL,
	member_to date CHECK (member_to > member_from),
	note text CHECK (note <> ''),
	source_id text COLLATE "C" NOT NULL REFERENCES source DEFERRABLE,
	PRIMARY KEY (organisation, country, member_from)
);

CREATE INDEX membership_country ON membership (country, organisation);
CREATE INDEX membership_source ON membership (source_id);

COMMENT ON TABLE membership IS 'A period in which a country was or is a member of an organisation. Part of the country: a change here is a change of the country.';
COMMENT ON COLUMN membership.organisation IS 'ASEAN, CoE (the Council of Europe) or EU.';
COMMENT ON COLUMN membership.country IS 'The member.';
COMMENT ON COLUMN membership.member_from IS 'First day of membership.';
COMMENT ON COLUMN membership.member_to IS 'First day without membership. NULL for a present member; before a later period of the same member: the day is not known.';
COMMENT ON COLUMN membership.note IS 'Further details in English.';
COMMENT ON COLUMN membership.source_id IS 'Source of this row.';

-- A period without an end that a later one follows has ended on an unknown day.
CREATE FUNCTION memberships_on(day date) RETURNS TABLE (country text, organisation text, member boolean)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 90 AS $$
	SELECT p.country, p.organisation, CASE
			WHEN bool_or(p.member_from <= day AND coalesce(day < p.member_to, p.later IS NULL)) THEN true
			WHEN bool_or(p.member_from <= day AND p.member_to IS NULL AND day < p.later) THEN NULL
			ELSE false END
	FROM (SELECT m.*, lead(m.member_from) OVER (PARTITION BY m.organisation, m.country ORDER BY m.member_from) AS later
		FROM membership AS m) AS p
	GROUP BY p.country, p.organisation
$$;

COMMENT ON FUNCTION memberships_on(date) IS 'For every country with a membership on record and that organisation: whether it is a member on a day; NULL within a period whose end is not known.';

CREATE FUNCTION members_on(organisations text[], day date) RETURNS SETOF text
LANGUAGE sql STABLE PARALLEL SAFE ROWS 40 AS $$
	SELECT m.country FROM memberships_on(day) AS m WHERE m.member AND m.organisation = ANY (organisations)
$$;

COMMENT ON FUNCTION members_on(text[], date) IS 'The countries that are members of one of these organisations on a day.';

CREATE FUNCTION countries_in(regions text[]) RETURNS SETOF text
LANGUAGE sql STABLE PARALLEL SAFE ROWS 40 AS $$
	SELECT c.code FROM country AS c
	WHERE regions && ARRAY[c.region_code, c.subregion_code, c.intermediate_region_code]
$$;

COMMENT ON FUNCTION countries_in(text[]) IS 'The countries in one of these UN M49 regions, subregions or intermediate regions.';

CALL record_parts_of('country_name', 'country', 'country');
CALL record_parts_of('membership', 'country', 'country');
