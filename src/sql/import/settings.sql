-- What the triggers record about this transaction. Parameter: whether retracted records may return.
SELECT set_config('cybertreaty.by', 'import', true),
	set_config('cybertreaty.kind',
		CASE WHEN EXISTS (SELECT FROM source) THEN 'correction' ELSE 'baseline' END, true),
	set_config('cybertreaty.reinstate', $1, true)
