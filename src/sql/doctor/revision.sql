-- How far this server is, and whether it follows another one.
SELECT d.revision, pg_is_in_recovery() AS standby
FROM dataset_revision AS d
