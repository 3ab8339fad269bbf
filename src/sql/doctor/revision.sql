-- The revision of this server, and whether it is a standby.
SELECT d.revision, pg_is_in_recovery() AS standby
FROM dataset_revision AS d
