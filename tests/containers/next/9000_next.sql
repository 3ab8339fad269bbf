-- A migration of the next release: an expansion, which the previous release does not notice.

ALTER TABLE country ADD COLUMN motto text;
ALTER TABLE statement ADD COLUMN reviewed boolean NOT NULL DEFAULT false;

CREATE TABLE motto (
	country text NOT NULL REFERENCES country (code),
	text text NOT NULL
);

CREATE INDEX statement_reviewed ON statement (reviewed);

CREATE OR REPLACE FUNCTION mottos(country text) RETURNS bigint LANGUAGE sql STABLE AS $$
	SELECT count(*) FROM motto AS m WHERE m.country = $1
$$;
