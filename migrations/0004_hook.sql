-- The enabling articles, which allow a reservation or a declaration (Articles 42 and 40). They are
-- law, not reported facts: only a migration changes them.

CREATE TABLE hook (
	treaty text COLLATE "C" NOT NULL CHECK (treaty ~ '^[0-9]{3}$'),
	article text COLLATE "C" NOT NULL CHECK (article ~ '^[0-9]{1,2}([.][0-9a-z]+)*$'),
	kind text COLLATE "C" NOT NULL CHECK (kind IN ('reservation', 'declaration')),
	PRIMARY KEY (treaty, article)
);

COMMENT ON TABLE hook IS 'A provision of the Convention that allows a reservation (Article 42) or a declaration (Article 40).';
COMMENT ON COLUMN hook.treaty IS 'The instrument. Not a foreign key, since these rows exist before any data is imported.';
COMMENT ON COLUMN hook.article IS 'The provision.';
COMMENT ON COLUMN hook.kind IS 'The kind of statement that it allows: reservation or declaration.';

INSERT INTO hook (treaty, article, kind) VALUES
	('185', '4.2', 'reservation'),
	('185', '6.3', 'reservation'),
	('185', '9.4', 'reservation'),
	('185', '10.3', 'reservation'),
	('185', '11.3', 'reservation'),
	('185', '14.3', 'reservation'),
	('185', '22.2', 'reservation'),
	('185', '29.4', 'reservation'),
	('185', '41.1', 'reservation'),
	('185', '2', 'declaration'),
	('185', '3', 'declaration'),
	('185', '6.1.b', 'declaration'),
	('185', '7', 'declaration'),
	('185', '9.3', 'declaration'),
	('185', '27.9.e', 'declaration');
