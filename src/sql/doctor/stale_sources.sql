-- Sources that were read more than $1 days ago, oldest first.
SELECT s.id || ' (read on ' || s.retrieved_on || ')' AS label,
	json_build_object('relation', 'source', 'record', s.id, 'url', s.url,
		'retrieved_on', s.retrieved_on) AS item
FROM source AS s
WHERE s.retrieved_on < current_date - $1::integer
ORDER BY s.retrieved_on, s.id
