-- The newest revision.
SELECT d.revision FROM dataset_revision AS d
