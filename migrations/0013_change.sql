-- The dataset revision, and the changes of each revision.

CREATE TABLE dataset_revision (
	revision bigint NOT NULL,
	xid xid8 NOT NULL,
	changed_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX dataset_revision_one_row ON dataset_revision ((true));

COMMENT ON TABLE dataset_revision IS 'One row: the newest revision of the public dataset.';
COMMENT ON COLUMN dataset_revision.revision IS 'Raised by one in each transaction that changes public content; 0 is the empty dataset.';
COMMENT ON COLUMN dataset_revision.xid IS 'The last transaction that raised it.';
COMMENT ON COLUMN dataset_revision.changed_at IS 'Time of that transaction; never earlier than the previous one.';

INSERT INTO dataset_revision (revision, xid, changed_at) VALUES (0, '0', now());

CREATE TABLE change (
	revision bigint NOT NULL,
	ordinal integer NOT NULL CHECK (ordinal > 0),
	operation text COLLATE "C" NOT NULL CHECK (operation IN ('create', 'update', 'retract')),
	kind text COLLATE "C" NOT NULL CHECK (kind IN ('baseline', 'legal_event', 'correction',
		'translation', 'editorial')),
	by text COLLATE "C" NOT NULL CHECK (by IN ('import', 'editor', 'contribution')),
	relation text COLLATE "C" NOT NULL,
	record text COLLATE "C" NOT NULL,
	country text COLLATE "C",
	treaty text COLLATE "C",
	recorded_at timestamptz NOT NULL,
	replaced_by text COLLATE "C",
	before jsonb,
	after jsonb,
	PRIMARY KEY (revision, ordinal),
	CONSTRAINT change_has_rows_of_its_operation
		CHECK ((before IS NULL) = (operation = 'create') AND (after IS NULL) = (operation = 'retract')),
	CONSTRAINT change_replaces_what_it_retracts CHECK (replaced_by IS NULL OR operation = 'retract')
);

CREATE INDEX change_record ON change (relation, record, revision, ordinal);
CREATE INDEX change_country ON change (country, revision, ordinal);
CREATE INDEX change_treaty ON change (treaty, revision, ordinal);
CREATE INDEX change_kind ON change (kind, revision, ordinal);

COMMENT ON TABLE change IS 'Every change of public content, written by triggers. (revision, ordinal) is the commit order.';
COMMENT ON COLUMN change.revision IS 'Dataset revision that the change belongs to.';
COMMENT ON COLUMN change.ordinal IS 'Position in the revision, from 1.';
COMMENT ON COLUMN change.operation IS 'create, update or retract (an editorial removal; a withdrawn statement is an update).';
COMMENT ON COLUMN change.kind IS 'baseline (first import), legal_event, correction, translation or editorial; from the setting cybertreaty.kind, else correction.';
COMMENT ON COLUMN change.by IS 'import, editor or contribution; from the setting cybertreaty.by, else editor.';
COMMENT ON COLUMN change.relation IS 'The table.';
COMMENT ON COLUMN change.record IS 'Identifier of the record; for a part of a record that of the whole record.';
COMMENT ON COLUMN change.country IS 'Country of the record, if it has one.';
COMMENT ON COLUMN change.treaty IS 'Treaty of the record, if it has one.';
COMMENT ON COLUMN change.recorded_at IS 'Time of the revision.';
COMMENT ON COLUMN change.replaced_by IS 'For a retraction: the replacement; from the setting cybertreaty.replaced_by.';
COMMENT ON COLUMN change.before IS 'The whole row before; NULL for a create.';
COMMENT ON COLUMN change.after IS 'The whole row after; NULL for a retraction.';
