-- The first day on which a record changes without a write. The rules of a record are asked on the
-- days on which they can change, and the first day with another result counts: so it cannot differ
-- from the record itself.

-- A superset of these days. `by_force`: on the day the treaty may begin or cease to be in force for a
-- State.
CREATE FUNCTION turns_after(day date) RETURNS TABLE (country text, type text, treaty text, turn date, by_force boolean)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 300 AS $$
	WITH dated_actions AS (
		SELECT a.country, a.treaty, a.action, a.date, coalesce(a.date, s.as_of, s.retrieved_on) AS known_by,
			a.action = ANY ('{ratification,acceptance,approval,accession,succession,definitive_signature}') AS consent
		FROM action AS a
		JOIN source AS s ON s.id = a.source_id
	)
	SELECT c.code, c.type, k.treaty, x.turn, x.by_force
	FROM dated_actions AS k
	CROSS JOIN LATERAL (VALUES
		(k.known_by, k.consent OR k.action = 'entry_into_force'),
		(CASE WHEN k.consent OR k.action = 'denunciation' THEN after_three_months(k.known_by) END, true),
		(CASE k.action WHEN 'entry_into_force' THEN (k.known_by - interval '3 months')::date END, false),
		(CASE k.action WHEN 'entry_into_force' THEN (k.known_by - interval '4 months')::date END, false),
		(CASE k.action WHEN 'invitation' THEN (k.date + interval '5 years')::date END, false)
	) AS x (turn, by_force)
	JOIN country AS c ON k.country = CASE c.type WHEN 'territory' THEN c.responsible_state WHEN 'other' THEN NULL ELSE c.code END
	WHERE x.turn > day
	UNION ALL
	-- Under a protocol to which a State has taken no act, it matters when it signed the Convention, or
	-- consented to it, unless all acts to the protocol are on record.
	SELECT c.code, c.type, t.number, k.known_by, false
	FROM dated_actions AS k
	JOIN country AS c ON k.country = CASE c.type WHEN 'territory' THEN c.responsible_state WHEN 'other' THEN NULL ELSE c.code END
	JOIN treaty AS t ON t.number <> k.treaty AND NOT (t.consents_complete AND t.signatures_complete)
	WHERE k.treaty = '185' AND k.action <> 'invitation' AND k.known_by > day
		AND NOT EXISTS (SELECT FROM action AS o WHERE o.country = k.country AND o.treaty = t.number)
	UNION ALL
	-- From its opening on, a treaty has Parties that are not on record, if the record is not complete.
	SELECT c.code, c.type, t.number, t.opened_on, false
	FROM treaty AS t
	JOIN country AS c ON c.type IS DISTINCT FROM 'state'
		OR NOT (t.consents_complete AND t.signatures_complete AND t.invitations_complete)
	WHERE t.opened_on > day
	UNION ALL
	-- From its entry into force on, a treaty is in force for those that consented before, and others
	-- can be invited.
	SELECT c.code, c.type, t.number, t.entered_into_force_on, true
	FROM treaty AS t
	JOIN country AS c ON NOT t.invitations_complete OR EXISTS (SELECT FROM action AS a
		WHERE a.treaty = t.number AND a.country = CASE c.type WHEN 'territory' THEN c.responsible_state ELSE c.code END)
	WHERE t.entered_into_force_on > day
	UNION ALL
	SELECT c.code, c.type, t.number, x.turn, false
	FROM membership AS m
	CROSS JOIN LATERAL unnest(ARRAY[m.member_from, m.member_to]) AS x (turn)
	JOIN country AS c ON c.code = m.country
	-- Members are not invited, which matters where no act is on record; a country's record names them.
	JOIN treaty AS t ON t.number = '185' OR NOT t.invitations_complete AND NOT EXISTS (
		SELECT FROM action AS o WHERE o.country = m.country AND o.treaty = t.number)
	WHERE x.turn > day
	UNION ALL
	SELECT e.territory, 'territory', e.treaty, x.turn, false
	FROM territory_effect AS e
	LEFT JOIN statement AS d ON d.id = e.statement
	CROSS JOIN LATERAL unnest(ARRAY[e.effect_from, d.withdrawn_on]) AS x (turn)
	WHERE x.turn > day
$$;

COMMENT ON FUNCTION turns_after(date) IS 'The days after a day on which the status of a country under a treaty, or its memberships, may become different.';

CREATE FUNCTION status_turns(day date) RETURNS TABLE (country text, treaty text, turns date[])
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100 AS $$
	SELECT t.country, t.treaty, array_agg(DISTINCT t.turn ORDER BY t.turn)
	FROM turns_after(day) AS t
	GROUP BY t.country, t.treaty
$$;

COMMENT ON FUNCTION status_turns(date) IS 'The days of turns_after for each country and treaty, in order.';

CREATE FUNCTION country_turns(day date) RETURNS TABLE (country text, turns date[])
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100 AS $$
	SELECT t.country, array_agg(DISTINCT t.turn ORDER BY t.turn)
	FROM turns_after(day) AS t
	GROUP BY t.country
$$;

COMMENT ON FUNCTION country_turns(date) IS 'The days of turns_after for each country, in order.';

CREATE FUNCTION treaty_turns(day date) RETURNS TABLE (treaty text, turns date[])
LANGUAGE sql STABLE PARALLEL SAFE ROWS 3 AS $$
	SELECT t.treaty, array_agg(DISTINCT t.turn ORDER BY t.turn)
	FROM turns_after(day) AS t
	WHERE t.by_force AND t.type = 'state'
	GROUP BY t.treaty
$$;

COMMENT ON FUNCTION treaty_turns(date) IS 'The days of turns_after on which the number of Parties to each treaty may become different, in order.';

-- PL/pgSQL caches the plans, and each day is a query for itself. Without turns nothing is executed.
CREATE FUNCTION status_next_change(of_country text, of_treaty text, present text, turns date[]) RETURNS date
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
	turn date;
BEGIN
	FOREACH turn IN ARRAY turns LOOP
		IF present <> (SELECT s::text FROM statuses_on(turn) AS s WHERE s.country = of_country AND s.treaty = of_treaty) THEN
			RETURN turn;
		END IF;
	END LOOP;
	RETURN NULL;
END
$$;

COMMENT ON FUNCTION status_next_change(text, text, text, date[]) IS 'The first of these days on which the row of statuses_on for a country and treaty differs from the present one; NULL if none.';

CREATE FUNCTION country_state_on(of_country text, day date) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	RETURN (SELECT jsonb_agg(jsonb_build_array(s.state, s.bound, s.in_force_on) ORDER BY s.treaty)
			FROM statuses_on(day) AS s WHERE s.country = of_country)
		|| coalesce((SELECT jsonb_agg(jsonb_build_array(m.organisation, m.member) ORDER BY m.organisation)
			FROM memberships_on(day) AS m WHERE m.country = of_country AND m.member IS NOT FALSE), '[]');
END
$$;

COMMENT ON FUNCTION country_state_on(text, date) IS 'What the record of a country says of a day: its states, and its memberships that are not certainly none.';

CREATE FUNCTION country_next_change(of_country text, day date, turns date[]) RETURNS date
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
	present CONSTANT jsonb := country_state_on(of_country, day);
	turn date;
BEGIN
	FOREACH turn IN ARRAY turns LOOP
		IF country_state_on(of_country, turn) IS DISTINCT FROM present THEN
			RETURN turn;
		END IF;
	END LOOP;
	RETURN NULL;
END
$$;

COMMENT ON FUNCTION country_next_change(text, date, date[]) IS 'The first of these days on which the record of a country differs from that on the day; NULL if none.';

CREATE FUNCTION parties_on(of_treaty text, day date) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	RETURN (SELECT count(*) FROM statuses_on(day) AS s
		WHERE s.treaty = of_treaty AND s.state = 'party' AND s.type = 'state');
END
$$;

COMMENT ON FUNCTION parties_on(text, date) IS 'The number of States that are Parties to a treaty on a day.';

CREATE FUNCTION treaty_next_change(of_treaty text, day date, turns date[]) RETURNS date
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
	present CONSTANT bigint := parties_on(of_treaty, day);
	turn date;
BEGIN
	FOREACH turn IN ARRAY turns LOOP
		IF parties_on(of_treaty, turn) <> present THEN
			RETURN turn;
		END IF;
	END LOOP;
	RETURN NULL;
END
$$;

COMMENT ON FUNCTION treaty_next_change(text, date, date[]) IS 'The first of these days on which the number of Parties to a treaty differs from that on the day; NULL if none.';

CREATE FUNCTION statement_next_change(s statement, day date) RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN greatest(s.made_on, s.effective_from, s.withdrawn_on) > day OR s.superseded_by <> '{}' THEN (
		SELECT min(t.turn)
		FROM unnest(ARRAY[s.made_on, s.effective_from, s.withdrawn_on, first_effect_of(s.superseded_by)]) AS t (turn)
		WHERE t.turn > day AND statement_in_force(s, t.turn) IS DISTINCT FROM statement_in_force(s, day)) END
$$;

COMMENT ON FUNCTION statement_next_change(statement, date) IS 'The first day after a day on which it differs whether a statement is in force; NULL if none.';
