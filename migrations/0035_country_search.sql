-- The search for countries by their names and codes.

-- Punctuation becomes a blank: hyphens and apostrophes are written or left out, as people please.
CREATE FUNCTION fold_name(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT btrim(replace(replace(regexp_replace(
		' ' || replace(replace(fold(value), '&', ' and '), '.', '') || ' ',
		'[^a-z0-9\u00c0-\u1fff\u2c00-\uffff]+', ' ', 'g'),
		' st ', ' saint '), ' ste ', ' sainte '))
$$;

COMMENT ON FUNCTION fold_name(text) IS 'A name as the search for countries compares it: folded, without dots, with blanks for other punctuation, "and" for "&", "saint" for "St.".';

CREATE FUNCTION country_alias(code text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE code WHEN 'GB' THEN 'UK' WHEN 'GR' THEN 'EL' END
$$;

COMMENT ON FUNCTION country_alias(text) IS 'The code that the institutions of the European Union write for this alpha-2 code, where it is another one; else NULL.';

CREATE FUNCTION country_ranks(query text) RETURNS TABLE (country text, rank integer)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 20 AS $$
	SELECT c.code, 0
	FROM country AS c
	WHERE upper(btrim(query)) IN (c.code, c.alpha3, c.numeric, country_alias(c.code))
	UNION ALL
	SELECT m.country, min(CASE WHEN m.folded = m.wanted THEN 1 WHEN m.folded ^@ m.wanted THEN 2 ELSE 3 END)
	FROM (
		SELECT n.country, fold_name(n.name) AS folded, w.wanted
		FROM (SELECT fold_name(query) AS wanted OFFSET 0) AS w
		CROSS JOIN (
			SELECT k.country, k.name FROM country_name AS k
			UNION ALL
			SELECT c.code, own.name
			FROM country AS c
			CROSS JOIN unnest(ARRAY[c.name_en, c.name_fr, c.official_name_en, c.official_name_fr]) AS own (name)
			WHERE own.name IS NOT NULL) AS n
		WHERE w.wanted <> ''
		OFFSET 0) AS m
	WHERE strpos(m.folded, m.wanted) > 0
		AND NOT EXISTS (SELECT FROM country AS c WHERE c.code = m.country
			AND upper(btrim(query)) IN (c.code, c.alpha3, c.numeric, country_alias(c.code)))
	GROUP BY m.country
$$;

COMMENT ON FUNCTION country_ranks(text) IS 'The countries that a text finds, and how well: 0 by a code, 1 by a whole name, 2 by the beginning of a name, 3 by a part of one.';
