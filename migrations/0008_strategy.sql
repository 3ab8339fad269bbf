-- Policies and strategies of countries, with their prioritised areas, sub-goals and documents.

CREATE TABLE strategy (
	id text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'),
	country text COLLATE "C" NOT NULL REFERENCES country DEFERRABLE,
	title_en text NOT NULL CHECK (title_en <> ''),
	title_fr text CHECK (title_fr <> ''),
	title_original text CHECK (title_original <> ''),
	kind text COLLATE "C" NOT NULL CHECK (kind IN ('cybersecurity_strategy', 'cybercrime_strategy',
		'international_cyber_strategy', 'digital_strategy', 'action_plan')),
	issued_by text[] NOT NULL DEFAULT '{}' CHECK (array_position(issued_by, NULL) IS NULL),
	adopted_on date,
	period_from text COLLATE "C" CHECK (period_from ~ '^[0-9]{4}$'),
	period_to text COLLATE "C" CHECK (period_to ~ '^[0-9]{4}$'),
	status text COLLATE "C" NOT NULL CHECK (status IN ('in_force', 'superseded', 'unknown')),
	supersedes text COLLATE "C" CHECK (supersedes <> id),
	summary_en text CHECK (summary_en <> ''),
	summary_fr text CHECK (summary_fr <> ''),
	source_id text COLLATE "C" NOT NULL REFERENCES source DEFERRABLE,
	verified_on date,
	revision bigint NOT NULL,
	updated_at timestamptz NOT NULL,
	UNIQUE (id, country),
	FOREIGN KEY (supersedes, country) REFERENCES strategy (id, country) DEFERRABLE,
	CONSTRAINT strategy_period_is_in_order CHECK (period_from <= period_to)
);

CREATE INDEX strategy_country ON strategy (country, id);
CREATE INDEX strategy_kind ON strategy (kind, id);
CREATE INDEX strategy_status ON strategy (status, id);
CREATE INDEX strategy_supersedes ON strategy (supersedes);
CREATE INDEX strategy_adopted_on ON strategy (coalesce(adopted_on, 'infinity'::date), id);
CREATE INDEX strategy_adopted_on_down ON strategy (coalesce(adopted_on, '-infinity'::date), id);
CREATE INDEX strategy_source ON strategy (source_id);
CREATE INDEX strategy_updated_at ON strategy (updated_at, id);

COMMENT ON TABLE strategy IS 'A policy or strategy of a country on cybercrime, cybersecurity or digital matters.';
COMMENT ON COLUMN strategy.id IS 'Identifier; never changes and is never reused.';
COMMENT ON COLUMN strategy.country IS 'The country.';
COMMENT ON COLUMN strategy.title_en IS 'Title in English.';
COMMENT ON COLUMN strategy.title_fr IS 'Title in French.';
COMMENT ON COLUMN strategy.title_original IS 'Title in the language of the document.';
COMMENT ON COLUMN strategy.kind IS 'cybersecurity_strategy, cybercrime_strategy, international_cyber_strategy, digital_strategy or action_plan.';
COMMENT ON COLUMN strategy.issued_by IS 'Bodies that issued it, in order; empty if not known.';
COMMENT ON COLUMN strategy.adopted_on IS 'Day of adoption; NULL if not known to the day.';
COMMENT ON COLUMN strategy.period_from IS 'First year of the period it covers, as text.';
COMMENT ON COLUMN strategy.period_to IS 'Last year of the period it covers, as text.';
COMMENT ON COLUMN strategy.status IS 'in_force, superseded or unknown.';
COMMENT ON COLUMN strategy.supersedes IS 'The strategy of the same country that it replaces; NULL if none is known.';
COMMENT ON COLUMN strategy.summary_en IS 'Summary in our own words, in English.';
COMMENT ON COLUMN strategy.summary_fr IS 'Summary in our own words, in French.';
COMMENT ON COLUMN strategy.source_id IS 'Source of this row.';
COMMENT ON COLUMN strategy.verified_on IS 'Day on which the row was last checked against its source.';
COMMENT ON COLUMN strategy.revision IS 'Dataset revision that last changed the public content of this row or its parts; set by triggers.';
COMMENT ON COLUMN strategy.updated_at IS 'Time of that revision; set by triggers.';

CREATE TABLE strategy_priority (
	strategy_id text COLLATE "C" NOT NULL REFERENCES strategy ON DELETE CASCADE DEFERRABLE,
	position integer NOT NULL CHECK (position > 0),
	title_en text NOT NULL CHECK (title_en <> ''),
	title_fr text CHECK (title_fr <> ''),
	PRIMARY KEY (strategy_id, position)
);

COMMENT ON TABLE strategy_priority IS 'A prioritised area of a strategy. Part of the strategy: a change here is a change of the strategy.';
COMMENT ON COLUMN strategy_priority.strategy_id IS 'The strategy.';
COMMENT ON COLUMN strategy_priority.position IS 'Position in the strategy, from 1.';
COMMENT ON COLUMN strategy_priority.title_en IS 'Heading in English.';
COMMENT ON COLUMN strategy_priority.title_fr IS 'Heading in French.';

CREATE TABLE strategy_goal (
	strategy_id text COLLATE "C" NOT NULL,
	priority integer NOT NULL,
	position integer NOT NULL CHECK (position > 0),
	text_en text NOT NULL CHECK (text_en <> ''),
	text_fr text CHECK (text_fr <> ''),
	PRIMARY KEY (strategy_id, priority, position),
	FOREIGN KEY (strategy_id, priority) REFERENCES strategy_priority ON DELETE CASCADE DEFERRABLE
);

COMMENT ON TABLE strategy_goal IS 'A sub-goal under a prioritised area. Part of the strategy: a change here is a change of the strategy.';
COMMENT ON COLUMN strategy_goal.strategy_id IS 'The strategy.';
COMMENT ON COLUMN strategy_goal.priority IS 'Position of the area that it belongs to.';
COMMENT ON COLUMN strategy_goal.position IS 'Position in the area, from 1.';
COMMENT ON COLUMN strategy_goal.text_en IS 'The goal in English.';
COMMENT ON COLUMN strategy_goal.text_fr IS 'The goal in French.';

CREATE TABLE strategy_document (
	strategy_id text COLLATE "C" NOT NULL REFERENCES strategy ON DELETE CASCADE DEFERRABLE,
	position integer NOT NULL CHECK (position > 0),
	title text NOT NULL CHECK (title <> ''),
	url text NOT NULL CHECK (url ~ '^https?://[^[:space:]]+$'),
	lang text COLLATE "C" CHECK (lang ~ '^[a-z]{2,3}$'),
	PRIMARY KEY (strategy_id, position)
);

COMMENT ON TABLE strategy_document IS 'A document or page of a strategy. Part of the strategy: a change here is a change of the strategy.';
COMMENT ON COLUMN strategy_document.strategy_id IS 'The strategy.';
COMMENT ON COLUMN strategy_document.position IS 'Position in the list, from 1.';
COMMENT ON COLUMN strategy_document.title IS 'Title of the document.';
COMMENT ON COLUMN strategy_document.url IS 'Its address.';
COMMENT ON COLUMN strategy_document.lang IS 'Its language; NULL if not known.';
