-- The bodies that States designated for co-operation.

CREATE TABLE authority (
	id text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
	country text COLLATE "C" NOT NULL REFERENCES country DEFERRABLE,
	treaty text COLLATE "C" NOT NULL REFERENCES treaty DEFERRABLE,
	article text COLLATE "C" NOT NULL,
	role text COLLATE "C" NOT NULL CHECK (role IN ('extradition', 'mutual_assistance', 'network_24_7')),
	name text NOT NULL CHECK (name <> ''),
	place text CHECK (place <> ''),
	url text CHECK (url ~ '^https?://[^[:space:]]+$'),
	statement_id text COLLATE "C",
	source_id text COLLATE "C" NOT NULL REFERENCES source DEFERRABLE,
	verified_on date,
	revision bigint NOT NULL,
	updated_at timestamptz NOT NULL,
	FOREIGN KEY (treaty, article) REFERENCES article (treaty, article) DEFERRABLE,
	FOREIGN KEY (statement_id, country, treaty) REFERENCES statement (id, country, treaty) DEFERRABLE
);

CREATE INDEX authority_country ON authority (country, treaty, id);
CREATE INDEX authority_treaty ON authority (treaty, article, id);
CREATE INDEX authority_role ON authority (role, id);
CREATE INDEX authority_statement ON authority (statement_id);
CREATE INDEX authority_source ON authority (source_id);
CREATE INDEX authority_updated_at ON authority (updated_at, id);

COMMENT ON TABLE authority IS 'A body that a State designated for co-operation under an article. It takes its dates from its statement.';
COMMENT ON COLUMN authority.id IS 'Identifier; never changes and is never reused.';
COMMENT ON COLUMN authority.country IS 'The State.';
COMMENT ON COLUMN authority.treaty IS 'The instrument.';
COMMENT ON COLUMN authority.article IS 'The article under which it is designated.';
COMMENT ON COLUMN authority.role IS 'extradition, mutual_assistance or network_24_7 (point of contact).';
COMMENT ON COLUMN authority.name IS 'Name of the body, never of a person.';
COMMENT ON COLUMN authority.place IS 'Town.';
COMMENT ON COLUMN authority.url IS 'Its website; NULL if no source states one.';
COMMENT ON COLUMN authority.statement_id IS 'The statement of the same State and treaty that designates it; NULL if not known.';
COMMENT ON COLUMN authority.source_id IS 'Source of this row.';
COMMENT ON COLUMN authority.verified_on IS 'Day on which the row was last checked against its source.';
COMMENT ON COLUMN authority.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';
COMMENT ON COLUMN authority.updated_at IS 'Time of that revision; set by triggers.';
