-- Reservations, declarations and other statements of States, and the articles that they name.

CREATE TABLE statement (
	id text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
	country text COLLATE "C" NOT NULL REFERENCES country DEFERRABLE,
	treaty text COLLATE "C" NOT NULL REFERENCES treaty DEFERRABLE,
	kind text COLLATE "C" NOT NULL CHECK (kind IN ('reservation', 'declaration', 'communication',
		'authority', 'territorial', 'objection')),
	made_on date,
	effective_from date,
	withdrawn_on date CHECK (withdrawn_on >= made_on),
	superseded_by text[] COLLATE "C" NOT NULL DEFAULT '{}'
		CHECK (array_position(superseded_by, NULL) IS NULL),
	territories text[] COLLATE "C" NOT NULL DEFAULT '{}'
		CHECK (array_position(territories, NULL) IS NULL),
	hook text COLLATE "C",
	summary_en text NOT NULL CHECK (summary_en <> ''),
	summary_fr text CHECK (summary_fr <> ''),
	text text CHECK (text <> ''),
	text_lang text COLLATE "C" CHECK (text_lang ~ '^[a-z]{2,3}$'),
	text_kind text COLLATE "C" CHECK (text_kind IN ('authentic', 'official_translation',
		'unofficial_translation')),
	source_id text COLLATE "C" NOT NULL REFERENCES source DEFERRABLE,
	verified_on date,
	revision bigint NOT NULL,
	updated_at timestamptz NOT NULL,
	UNIQUE (id, treaty),
	UNIQUE (id, country, treaty),
	FOREIGN KEY (treaty, hook) REFERENCES hook (treaty, article) DEFERRABLE,
	CONSTRAINT statement_does_not_supersede_itself CHECK (id <> ALL (superseded_by)),
	CONSTRAINT statement_text_has_language_and_kind
		CHECK (num_nonnulls(text, text_lang, text_kind) IN (0, 3))
);

CREATE INDEX statement_country ON statement (country, treaty, id);
CREATE INDEX statement_treaty ON statement (treaty, id);
CREATE INDEX statement_kind ON statement (kind, id);
CREATE INDEX statement_hook ON statement (treaty, hook, id);
CREATE INDEX statement_superseded_by ON statement USING gin (superseded_by);
CREATE INDEX statement_territories ON statement USING gin (territories);
CREATE INDEX statement_made_on ON statement (coalesce(made_on, 'infinity'::date), id);
CREATE INDEX statement_made_on_down ON statement (coalesce(made_on, '-infinity'::date), id);
CREATE INDEX statement_effective_from ON statement (coalesce(effective_from, 'infinity'::date), id);
CREATE INDEX statement_effective_from_down ON statement (coalesce(effective_from, '-infinity'::date), id);
CREATE INDEX statement_source ON statement (source_id);
CREATE INDEX statement_updated_at ON statement (updated_at, id);

COMMENT ON TABLE statement IS 'A reservation, declaration, communication, designation of authorities, territorial clause or objection of a State.';
COMMENT ON COLUMN statement.id IS 'Identifier; never changes and is never reused.';
COMMENT ON COLUMN statement.country IS 'The State that made it.';
COMMENT ON COLUMN statement.treaty IS 'The instrument.';
COMMENT ON COLUMN statement.kind IS 'reservation, declaration, communication, authority (designation), territorial or objection.';
COMMENT ON COLUMN statement.made_on IS 'Day of deposit or registration; NULL if not known.';
COMMENT ON COLUMN statement.effective_from IS 'First day on which it has effect; NULL if not known.';
COMMENT ON COLUMN statement.withdrawn_on IS 'Day on which it was withdrawn or replaced; NULL: no withdrawal was found, which does not prove that it is in effect.';
COMMENT ON COLUMN statement.superseded_by IS 'Identifiers of the statements of the same State and treaty that replaced it; empty if none is known.';
COMMENT ON COLUMN statement.territories IS 'Codes of the territories that it refers to; empty if none.';
COMMENT ON COLUMN statement.hook IS 'The enabling article: the first of its articles that equals a hook or is below one, else the hook of its article, else NULL.';
COMMENT ON COLUMN statement.summary_en IS 'Summary in our own words, in English.';
COMMENT ON COLUMN statement.summary_fr IS 'Summary in our own words, in French.';
COMMENT ON COLUMN statement.text IS 'Text of the statement, if it may be published.';
COMMENT ON COLUMN statement.text_lang IS 'Language of that text.';
COMMENT ON COLUMN statement.text_kind IS 'authentic, official_translation or unofficial_translation.';
COMMENT ON COLUMN statement.source_id IS 'Source of this row.';
COMMENT ON COLUMN statement.verified_on IS 'Day on which the row was last checked against its source.';
COMMENT ON COLUMN statement.revision IS 'Dataset revision that last changed the public content of this row or its articles; set by triggers.';
COMMENT ON COLUMN statement.updated_at IS 'Time of that revision; set by triggers.';

CREATE TABLE statement_article (
	statement_id text COLLATE "C" NOT NULL,
	position integer NOT NULL CHECK (position > 0),
	article text COLLATE "C" NOT NULL,
	treaty text COLLATE "C" NOT NULL,
	role text COLLATE "C" NOT NULL CHECK (role IN ('hook', 'touches')),
	PRIMARY KEY (statement_id, position),
	UNIQUE (statement_id, article) DEFERRABLE,
	FOREIGN KEY (statement_id, treaty) REFERENCES statement (id, treaty) ON DELETE CASCADE DEFERRABLE,
	FOREIGN KEY (treaty, article) REFERENCES article (treaty, article) DEFERRABLE
);

CREATE INDEX statement_article_article ON statement_article (treaty, article, statement_id);

COMMENT ON TABLE statement_article IS 'An article that a statement refers to, in the order of the statement. Part of the statement: a change here is a change of the statement.';
COMMENT ON COLUMN statement_article.statement_id IS 'The statement.';
COMMENT ON COLUMN statement_article.position IS 'Position in the list, from 1.';
COMMENT ON COLUMN statement_article.article IS 'The article or paragraph.';
COMMENT ON COLUMN statement_article.treaty IS 'The instrument; that of the statement.';
COMMENT ON COLUMN statement_article.role IS 'hook: the enabling article, which allows the statement; touches: any other affected article.';

-- Arrays cannot be foreign keys. The checks are deferred to the end of the transaction, so that rows
-- may be inserted in any order.
CREATE FUNCTION check_statement_lists() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	missing text;
BEGIN
	SELECT wanted INTO missing
	FROM public.statement AS s, unnest(s.superseded_by) AS wanted
	WHERE s.id = NEW.id AND NOT EXISTS (SELECT FROM public.statement AS o WHERE o.id = wanted
		AND o.country = s.country AND o.treaty = s.treaty)
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'Statement % is superseded by %, which is not a statement of the same country and treaty.', NEW.id, missing
			USING ERRCODE = 'foreign_key_violation', TABLE = 'statement', COLUMN = 'superseded_by';
	END IF;

	SELECT wanted INTO missing
	FROM public.statement AS s, unnest(s.territories) AS wanted
	WHERE s.id = NEW.id AND NOT EXISTS (SELECT FROM public.country AS c WHERE c.code = wanted)
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'Statement % names the territory %, which is not a country or territory of ISO 3166-1.', NEW.id, missing
			USING ERRCODE = 'foreign_key_violation', TABLE = 'statement', COLUMN = 'territories';
	END IF;
	RETURN NULL;
END
$$;

COMMENT ON FUNCTION check_statement_lists() IS 'Trigger: every member of superseded_by and territories exists.';

CREATE FUNCTION check_statement_not_named() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	holder text;
BEGIN
	SELECT s.id INTO holder FROM public.statement AS s
	WHERE s.superseded_by @> ARRAY[OLD.id]
	AND NOT EXISTS (SELECT FROM public.statement AS o WHERE o.id = OLD.id
		AND o.country = s.country AND o.treaty = s.treaty)
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'Statement % supersedes %: it cannot be removed or moved while it does.', OLD.id, holder
			USING ERRCODE = 'foreign_key_violation', TABLE = 'statement', COLUMN = 'superseded_by';
	END IF;
	RETURN NULL;
END
$$;

COMMENT ON FUNCTION check_statement_not_named() IS 'Trigger: prevents removal of a statement that another names in superseded_by.';

CREATE FUNCTION check_country_not_named() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	holder text;
BEGIN
	SELECT s.id INTO holder FROM public.statement AS s
	WHERE s.territories @> ARRAY[OLD.code]
	AND NOT EXISTS (SELECT FROM public.country AS c WHERE c.code = OLD.code)
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'Statement % names the territory %: it cannot be removed while it does.', holder, OLD.code
			USING ERRCODE = 'foreign_key_violation', TABLE = 'statement', COLUMN = 'territories';
	END IF;
	RETURN NULL;
END
$$;

COMMENT ON FUNCTION check_country_not_named() IS 'Trigger: prevents removal of a territory that a statement names.';

CREATE CONSTRAINT TRIGGER check_lists AFTER INSERT OR UPDATE ON statement
	DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_statement_lists();
CREATE CONSTRAINT TRIGGER check_not_named AFTER UPDATE OR DELETE ON statement
	DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_statement_not_named();
CREATE CONSTRAINT TRIGGER check_not_named AFTER DELETE ON country
	DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_country_not_named();
