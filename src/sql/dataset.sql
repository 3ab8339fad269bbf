-- The revision of the dataset and when it changed.
SELECT d.revision, rfc3339(d.changed_at) AS changed_at
FROM dataset_revision AS d
