-- Timestamps as the API writes them: RFC 3339 in UTC, always with six decimals, so that the texts
-- sort by time.

CREATE FUNCTION rfc3339(moment timestamptz) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
BEGIN
	RETURN to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
END
$$;

COMMENT ON FUNCTION rfc3339(timestamptz) IS 'A timestamp as text: 2026-11-23T10:00:00.000000Z.';
