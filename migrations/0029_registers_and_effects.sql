-- Whether the statements of a State are complete, and what statements say of a territory. Both belong
-- to a row of status.

CREATE TABLE statement_register (
	id text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
	country text COLLATE "C" NOT NULL REFERENCES country DEFERRABLE,
	treaty text COLLATE "C" NOT NULL REFERENCES treaty DEFERRABLE,
	complete boolean NOT NULL,
	as_of date,
	note text CHECK (note <> ''),
	source_id text COLLATE "C" NOT NULL REFERENCES source DEFERRABLE,
	verified_on date,
	revision bigint NOT NULL,
	updated_at timestamptz NOT NULL,
	UNIQUE (country, treaty)
);

CREATE INDEX statement_register_treaty ON statement_register (treaty);
CREATE INDEX statement_register_source ON statement_register (source_id);

COMMENT ON TABLE statement_register IS 'Whether the list of the statements of a State under a treaty is complete.';
COMMENT ON COLUMN statement_register.id IS 'Identifier; never changes and is never reused.';
COMMENT ON COLUMN statement_register.country IS 'The State.';
COMMENT ON COLUMN statement_register.treaty IS 'The instrument.';
COMMENT ON COLUMN statement_register.complete IS 'Whether one source prints the full set as of as_of, which says nothing about today. Without a row it is not known.';
COMMENT ON COLUMN statement_register.as_of IS 'The day of that set; NULL if not known.';
COMMENT ON COLUMN statement_register.note IS 'Further details in English.';
COMMENT ON COLUMN statement_register.source_id IS 'Source of this row.';
COMMENT ON COLUMN statement_register.verified_on IS 'Day on which the row was last checked against its source.';
COMMENT ON COLUMN statement_register.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';
COMMENT ON COLUMN statement_register.updated_at IS 'Time of that revision; set by triggers.';

CREATE TABLE territory_effect (
	id text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
	territory text COLLATE "C" NOT NULL REFERENCES country DEFERRABLE,
	treaty text COLLATE "C" NOT NULL REFERENCES treaty DEFERRABLE,
	effect text COLLATE "C" NOT NULL CHECK (effect IN ('applies', 'does_not_apply')),
	effect_from date NOT NULL,
	statement text COLLATE "C" NOT NULL REFERENCES statement DEFERRABLE,
	note_en text CHECK (note_en <> ''),
	note_fr text CHECK (note_fr <> ''),
	source_id text COLLATE "C" NOT NULL REFERENCES source DEFERRABLE,
	verified_on date,
	revision bigint NOT NULL,
	updated_at timestamptz NOT NULL
);

CREATE INDEX territory_effect_territory ON territory_effect (territory, treaty, effect_from);
CREATE INDEX territory_effect_treaty ON territory_effect (treaty);
CREATE INDEX territory_effect_statement ON territory_effect (statement);
CREATE INDEX territory_effect_source ON territory_effect (source_id);

COMMENT ON TABLE territory_effect IS 'What a statement of the responsible State says of a territory.';
COMMENT ON COLUMN territory_effect.id IS 'Identifier; never changes and is never reused.';
COMMENT ON COLUMN territory_effect.territory IS 'The territory.';
COMMENT ON COLUMN territory_effect.treaty IS 'The instrument.';
COMMENT ON COLUMN territory_effect.effect IS 'applies or does_not_apply: whether the instrument extends to the territory.';
COMMENT ON COLUMN territory_effect.effect_from IS 'First day of the effect.';
COMMENT ON COLUMN territory_effect.statement IS 'The statement that says so.';
COMMENT ON COLUMN territory_effect.note_en IS 'The reason in English.';
COMMENT ON COLUMN territory_effect.note_fr IS 'The reason in French.';
COMMENT ON COLUMN territory_effect.source_id IS 'Source of this row.';
COMMENT ON COLUMN territory_effect.verified_on IS 'Day on which the row was last checked against its source.';
COMMENT ON COLUMN territory_effect.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';
COMMENT ON COLUMN territory_effect.updated_at IS 'Time of that revision; set by triggers.';

CALL record_changes_of('statement_register', 'id');
CALL record_changes_of('territory_effect', 'id');

-- As before, with the new parts. Registers and effects are parts of a row of status, which always
-- exists.
CREATE OR REPLACE FUNCTION change_operation(relation text, operation text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
BEGIN
	RETURN CASE WHEN relation = ANY ('{statement_article,strategy_priority,strategy_goal,strategy_document,court_case_article,country_name,membership,article_text,statement_register,territory_effect}')
		THEN 'update' ELSE operation END;
END
$$;

CREATE OR REPLACE FUNCTION public_row(relation text, stored jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
	row jsonb := stored - ARRAY['revision', 'updated_at', CASE relation
		WHEN 'statement_article' THEN 'statement_id'
		WHEN 'strategy_priority' THEN 'strategy_id'
		WHEN 'strategy_goal' THEN 'strategy_id'
		WHEN 'strategy_document' THEN 'strategy_id'
		WHEN 'court_case_article' THEN 'court_case_id'
		WHEN 'country_name' THEN 'country'
		WHEN 'membership' THEN 'country'
		WHEN 'article_text' THEN 'article_id'
		ELSE '' END];
	name text;
	shown text;
BEGIN
	FOR name IN SELECT substr(column_name, 1, length(column_name) - 3)
		FROM jsonb_object_keys(row) AS column_name WHERE column_name ~ '_en$' LOOP
		row := row - ARRAY[name || '_en', name || '_fr'] || jsonb_build_object(
			CASE WHEN name ~ 'region$' THEN name || '_name' ELSE name END,
			jsonb_build_object('en', row -> (name || '_en'), 'fr', row -> (name || '_fr')));
	END LOOP;
	FOR name, shown IN VALUES ('source_id', 'source'), ('statement_id', 'statement'),
		('wording_source_id', 'wording_source'), ('dates_source_id', 'dates_source'),
		('text_source_id', 'text_source'), ('region_code', 'region'),
		('subregion_code', 'subregion'), ('intermediate_region_code', 'intermediate_region'),
		('name_from', 'from'), ('name_to', 'to'), ('member_from', 'from'), ('member_to', 'to'),
		('effect_from', 'from'), ('ets_ref', 'reference'), ('convention_article', 'article') LOOP
		IF row ? name THEN
			row := row - name || jsonb_build_object(shown, row -> name);
		END IF;
	END LOOP;
	RETURN row;
END
$$;
