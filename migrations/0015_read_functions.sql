-- Functions of the read queries. They name tables without a schema and set no parameters: a schema
-- first in search_path can replace them, and the planner can inline those in plain SQL. Functions
-- that look up one value in a table cannot be inlined; PL/pgSQL caches their plans.

CREATE FUNCTION localised(en text, fr text, lang text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN lang = 'fr' THEN coalesce(fr, en) ELSE coalesce(en, fr) END
$$;

COMMENT ON FUNCTION localised(text, text, text) IS 'The text in the requested language, else in the other one.';

CREATE FUNCTION localised_lang(en text, fr text, lang text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN fr IS NOT NULL AND (lang = 'fr' OR en IS NULL) THEN 'fr' WHEN en IS NOT NULL THEN 'en' END
$$;

COMMENT ON FUNCTION localised_lang(text, text, text) IS 'The language of the result of localised(); NULL if there is no text.';

-- Lower case first, since it decomposes some letters into a plain letter and a mark. Letters with a
-- stroke and ligatures do not decompose; they are listed.
CREATE FUNCTION fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT translate(replace(replace(replace(
		regexp_replace(normalize(lower(value COLLATE "und-x-icu"), NFKD), '[\u0300-\u036f]', '', 'g'),
		'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss'), 'øłđðħıŧþ’‘', 'olddhitt''''')
$$;

COMMENT ON FUNCTION fold(text) IS 'Lower case and without accents, for searching.';

CREATE FUNCTION source_json(source_id text) RETURNS json
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	RETURN (SELECT json_build_object('id', s.id, 'url', s.url, 'title', s.title, 'publisher', s.publisher,
			'as_of', s.as_of, 'retrieved_on', s.retrieved_on)
		FROM source AS s WHERE s.id = $1);
END
$$;

COMMENT ON FUNCTION source_json(text) IS 'A source, as records contain it.';

-- A regular expression instead of unnest, which the planner could not inline. The values match the
-- article syntax, so the dot is their only special character.
CREATE FUNCTION article_fits(article text, wanted text[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT article ~ ('^(' || replace(array_to_string(wanted, '|'), '.', '[.]') || ')([.]|$)')
$$;

COMMENT ON FUNCTION article_fits(text, text[]) IS 'Whether an article equals one of the requested articles or is below one: 6 matches 6.3, not 64.';

CREATE FUNCTION statement_hook(treaty text, articles text[]) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT coalesce(
		(SELECT h.article FROM unnest(articles) WITH ORDINALITY AS named (article, position)
		JOIN hook AS h ON h.treaty = $1 AND named.article || '.' ^@ (h.article || '.')
		ORDER BY named.position, length(h.article) DESC LIMIT 1),
		(SELECT of_article.hook FROM unnest(articles) WITH ORDINALITY AS named (article, position)
		JOIN (VALUES ('6', '6.3'), ('9', '9.4'), ('10', '10.3'), ('11', '11.3'), ('14', '14.3'),
			('20', '14.3'), ('21', '14.3'), ('22', '22.2')) AS of_article (article, hook)
			ON of_article.article = split_part(named.article, '.', 1)
		WHERE $1 = '185' ORDER BY named.position LIMIT 1))
$$;

COMMENT ON FUNCTION statement_hook(text, text[]) IS 'The enabling article of a statement with these articles: the hook that equals or contains the first article, else the hook of its whole article; NULL if there is none.';

CREATE FUNCTION first_act_on(country text, treaty text) RETURNS date
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
#variable_conflict use_column
BEGIN
	RETURN coalesce(
		(SELECT min(a.date) FROM action AS a WHERE a.country = $1 AND a.treaty = $2),
		(SELECT t.opened_on FROM treaty AS t WHERE t.number = $2));
END
$$;

COMMENT ON FUNCTION first_act_on(text, text) IS 'Day of the first dated act of a State for a treaty, else the day on which the treaty was opened. Undated statements are listed from then on.';

CREATE FUNCTION treaty_is_open(treaty text, day date) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	RETURN (SELECT t.opened_on <= $2 FROM treaty AS t WHERE t.number = $1);
END
$$;

COMMENT ON FUNCTION treaty_is_open(text, date) IS 'Whether the treaty had been opened for signature by a day.';

CREATE FUNCTION first_effect_of(statements text[]) RETURNS date
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	RETURN (SELECT min(s.effective_from) FROM statement AS s WHERE s.id = ANY ($1));
END
$$;

COMMENT ON FUNCTION first_effect_of(text[]) IS 'The earliest effective_from of these statements; NULL if none has one.';

CREATE FUNCTION statement_shown(s statement, day date) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN coalesce(s.made_on, s.effective_from) > day THEN false
		WHEN coalesce(s.made_on, s.effective_from) IS NULL AND first_act_on(s.country, s.treaty) > day THEN false
		ELSE treaty_is_open(s.treaty, day) END
$$;

COMMENT ON FUNCTION statement_shown(statement, date) IS 'Whether a response as of a day includes a statement: not before its first known date, not before the State''s first act if it has none, not before the opening of the treaty.';

CREATE FUNCTION statement_in_force(s statement, day date) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN s.withdrawn_on <= day THEN false
		WHEN s.superseded_by <> '{}' AND first_effect_of(s.superseded_by) <= day THEN false
		WHEN s.effective_from <= day THEN true
		WHEN s.effective_from > day OR s.made_on > day THEN false END
$$;

COMMENT ON FUNCTION statement_in_force(statement, date) IS 'Whether a statement has effect on a day; NULL if its dates do not determine it.';
