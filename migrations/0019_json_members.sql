-- Records with selected fields only.

CREATE FUNCTION json_members(record json, names text[]) RETURNS json
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	RETURN (SELECT json_object_agg(member.key, member.value ORDER BY member.position)
		FROM json_each(record) WITH ORDINALITY AS member (key, value, position)
		WHERE member.key = ANY (names));
END
$$;

COMMENT ON FUNCTION json_members(json, text[]) IS 'The members of an object that have one of these names, in their order.';
