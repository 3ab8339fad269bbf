-- Multiplies the reference data by `times`, for benchmarks: psql -v times=1000 -f scale.sql
--
-- Copies have the identifiers of their originals with a number appended, other dates, and a dataset
-- revision for each round of copies. Countries, treaties and articles are not copied. The triggers are
-- disabled: this script writes their rows of `change`.
\set ON_ERROR_STOP on
SET session_replication_role = replica;
-- Otherwise VACUUM could not mark pages as all-visible, as they are in a database in use.
SET synchronous_commit = on;
SET maintenance_work_mem = '256MB';
BEGIN;

-- Building an index afterwards costs a fraction of updating it row by row.
CREATE TEMPORARY TABLE rebuilt ON COMMIT DROP AS
SELECT i.indexrelid::regclass AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index AS i
WHERE i.indrelid IN ('statement'::regclass, 'statement_article'::regclass, 'authority'::regclass,
	'action'::regclass, 'change'::regclass)
AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid);
SELECT format('DROP INDEX %s', name) FROM rebuilt
\gexec

INSERT INTO statement (id, country, treaty, kind, made_on, effective_from, withdrawn_on, superseded_by,
	territories, enabling_treaty, enabling_article, summary_en, summary_fr, text, text_lang, text_kind,
	text_source_id, wording_source_id, wording_lang, dates_source_id, source_id, verified_on,
	revision, updated_at)
SELECT s.id || '-' || copy, s.country, s.treaty, s.kind, s.made_on - copy % 500,
	s.effective_from - copy % 500, s.withdrawn_on - copy % 500,
	ARRAY(SELECT superseding || '-' || copy FROM unnest(s.superseded_by) AS superseding),
	s.territories, s.enabling_treaty, s.enabling_article, s.summary_en, s.summary_fr, s.text, s.text_lang,
	s.text_kind, s.text_source_id, s.wording_source_id, s.wording_lang, s.dates_source_id, s.source_id,
	s.verified_on, 1 + copy, s.updated_at + copy * interval '1 second'
FROM generate_series(1, :times - 1) AS copy CROSS JOIN statement AS s;

INSERT INTO statement_article (statement_id, position, article, treaty, role)
SELECT n.statement_id || '-' || copy, n.position, n.article, n.treaty, n.role
FROM generate_series(1, :times - 1) AS copy CROSS JOIN statement_article AS n;

INSERT INTO authority (id, country, treaty, article, role, name, place, url, statement_id, source_id,
	verified_on, revision, updated_at)
SELECT a.id || '-' || copy, a.country, a.treaty, a.article, a.role, a.name, a.place, a.url,
	a.statement_id || '-' || copy, a.source_id, a.verified_on, 1 + copy,
	a.updated_at + copy * interval '1 second'
FROM generate_series(1, :times - 1) AS copy CROSS JOIN authority AS a;

INSERT INTO action (id, country, treaty, action, date, note_en, note_fr, source_id, verified_on, revision,
	updated_at)
SELECT a.id || '-' || copy, a.country, a.treaty, a.action, a.date - copy % 500, a.note_en, a.note_fr,
	a.source_id, a.verified_on, 1 + copy, a.updated_at + copy * interval '1 second'
FROM generate_series(1, :times - 1) AS copy CROSS JOIN action AS a;

INSERT INTO change (revision, ordinal, operation, kind, by, relation, record, country, treaty,
	recorded_at, before, after)
SELECT 1 + copy, row_number() OVER (PARTITION BY copy ORDER BY c.revision, c.ordinal), c.operation,
	'legal_event', c.by, c.relation, c.record || '-' || copy, c.country, c.treaty,
	c.recorded_at + copy * interval '1 second', c.before,
	CASE c.relation WHEN 'statement' THEN c.after || jsonb_build_object('id', c.record || '-' || copy)
		ELSE c.after || jsonb_build_object('statement_id', c.record || '-' || copy) END
FROM generate_series(1, :times - 1) AS copy
CROSS JOIN change AS c
WHERE c.relation IN ('statement', 'statement_article');

UPDATE dataset_revision
SET revision = revision + :times - 1, changed_at = changed_at + (:times - 1) * interval '1 second';

SELECT definition FROM rebuilt
\gexec
COMMIT;
VACUUM ANALYZE;
