-- Acts by which States become bound, or cease to be bound.

CREATE TABLE action (
	id text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
	country text COLLATE "C" NOT NULL REFERENCES country DEFERRABLE,
	treaty text COLLATE "C" NOT NULL REFERENCES treaty DEFERRABLE,
	action text COLLATE "C" NOT NULL CHECK (action IN ('signature', 'ratification', 'accession',
		'acceptance', 'approval', 'definitive_signature', 'invitation',
		'entry_into_force', 'denunciation')),
	date date,
	note_en text CHECK (note_en <> ''),
	note_fr text CHECK (note_fr <> ''),
	source_id text COLLATE "C" NOT NULL REFERENCES source DEFERRABLE,
	verified_on date,
	revision bigint NOT NULL,
	updated_at timestamptz NOT NULL
);

CREATE INDEX action_country ON action (country, treaty, id);
CREATE INDEX action_treaty ON action (treaty, id);
CREATE INDEX action_action ON action (action, id);
CREATE INDEX action_date ON action (coalesce(date, 'infinity'::date), id);
CREATE INDEX action_date_down ON action (coalesce(date, '-infinity'::date), id);
CREATE INDEX action_source ON action (source_id);
CREATE INDEX action_updated_at ON action (updated_at, id);

COMMENT ON TABLE action IS 'A treaty act of a State, or the entry into force for it.';
COMMENT ON COLUMN action.id IS 'Identifier; never changes and is never reused.';
COMMENT ON COLUMN action.country IS 'The State.';
COMMENT ON COLUMN action.treaty IS 'The instrument.';
COMMENT ON COLUMN action.action IS 'signature, ratification, accession, acceptance, approval, definitive_signature, invitation (to accede), entry_into_force (for this State) or denunciation.';
COMMENT ON COLUMN action.date IS 'Day of the act; of a denunciation the day on which its notification was received. NULL: the act is proven and its day is not known.';
COMMENT ON COLUMN action.note_en IS 'Further details in English.';
COMMENT ON COLUMN action.note_fr IS 'Further details in French.';
COMMENT ON COLUMN action.source_id IS 'Source of this row.';
COMMENT ON COLUMN action.verified_on IS 'Day on which the row was last checked against its source.';
COMMENT ON COLUMN action.revision IS 'Dataset revision that last changed the public content of this row; set by triggers.';
COMMENT ON COLUMN action.updated_at IS 'Time of that revision; set by triggers.';
