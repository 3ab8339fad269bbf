-- Answers with other records inside.

CREATE FUNCTION json_with(record json, name text, value json) RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT concat(left(record::text, -1), ',', to_json(name), ':', coalesce(value::text, 'null'), '}')::json
$$;

COMMENT ON FUNCTION json_with(json, text, json) IS 'An object, which has members and ends with its brace, with one member more behind them.';
