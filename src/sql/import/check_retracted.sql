-- Identifiers that were taken out of the data set. Paragraphs of articles are not asked for: they
-- come and go with the records that name them.

SELECT pg_temp.check_retracted(relation, 'id', 'id')
FROM unnest(ARRAY['source', 'action', 'statement', 'authority', 'strategy', 'institution',
	'court_case', 'legal_provision', 'reference', 'tool']) AS relation;

SELECT pg_temp.check_retracted('country', 'code', 'code'),
	pg_temp.check_retracted('treaty', 'number', 'number'),
	pg_temp.check_retracted('article', 'treaty || ''-'' || article', 'article');
