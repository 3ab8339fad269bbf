-- Records with embedded records.

CREATE FUNCTION json_with(record json, name text, value json) RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT concat(left(record::text, -1), ',', to_json(name), ':', coalesce(value::text, 'null'), '}')::json
$$;

COMMENT ON FUNCTION json_with(json, text, json) IS 'The object with one member appended. The object must have members and end with its brace.';
