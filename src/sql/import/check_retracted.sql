-- Identifiers of retracted records. Paragraphs of articles are not checked: they appear and
-- disappear with the records that cite them.

SELECT pg_temp.check_retracted(relation, 'id', 'id')
FROM unnest(ARRAY['source', 'action', 'statement', 'statement_register',
	'territory_effect', 'authority', 'strategy', 'institution',
	'court_case', 'legal_provision', 'reference', 'tool']) AS relation;

SELECT pg_temp.check_retracted('country', 'code', 'code'),
	pg_temp.check_retracted('treaty', 'number', 'number'),
	pg_temp.check_retracted('article', 'treaty || ''-'' || article', 'article');
