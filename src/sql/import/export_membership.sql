-- memberships.csv. Rows are in the order in which they were first recorded, that
-- of the imported files.
WITH first AS (
	SELECT record, after ->> 'organisation' AS organisation, (after ->> 'member_from')::date AS member_from,
		min(ARRAY[revision, ordinal]) AS at
	FROM change WHERE relation = 'membership' GROUP BY 1, 2, 3
)
SELECT m.organisation, m.country, m.member_from, m.member_to, m.note, m.source_id
FROM membership AS m
LEFT JOIN first ON first.record = m.country AND first.organisation = m.organisation
	AND first.member_from = m.member_from
ORDER BY first.at, m.organisation, m.country, m.member_from
