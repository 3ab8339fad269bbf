-- The sources of facts. Every fact row of every later table references one of them.

CREATE TABLE source (
	id text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
	url text NOT NULL CHECK (url ~ '^https?://[^[:space:]]+$'),
	title text CHECK (title <> ''),
	publisher text CHECK (publisher <> ''),
	as_of date,
	retrieved_on date NOT NULL,
	revision bigint NOT NULL,
	updated_at timestamptz NOT NULL
);

CREATE INDEX source_publisher ON source (publisher, id);
CREATE INDEX source_as_of ON source (coalesce(as_of, 'infinity'::date), id);
CREATE INDEX source_as_of_down ON source (coalesce(as_of, '-infinity'::date), id);
CREATE INDEX source_updated_at ON source (updated_at, id);

COMMENT ON TABLE source IS 'A page or document that facts come from.';
COMMENT ON COLUMN source.id IS 'Identifier; never changes and is never reused.';
COMMENT ON COLUMN source.url IS 'Address of the page or document; several sources may be versions of one address.';
COMMENT ON COLUMN source.title IS 'Title as published; NULL if not known.';
COMMENT ON COLUMN source.publisher IS 'The publisher, often the domain name.';
COMMENT ON COLUMN source.as_of IS 'The date that the source states for itself; NULL if it states none.';
COMMENT ON COLUMN source.retrieved_on IS 'The day on which it was read.';
COMMENT ON COLUMN source.revision IS 'Dataset revision that last changed this row; set by triggers.';
COMMENT ON COLUMN source.updated_at IS 'Time of that revision; set by triggers.';
