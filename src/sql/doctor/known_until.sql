-- Treaties whose acts are known up to a day more than three months ago, or up to no known day.
SELECT t.number || ' (' || coalesce('acts known until ' || t.known_until, 'no day on record') || ')' AS label,
	json_build_object('relation', 'treaty', 'record', t.number, 'known_until', t.known_until) AS item
FROM treaty AS t
WHERE (current_date > t.known_until + interval '3 months') IS NOT FALSE
ORDER BY t.number
