-- How new the dataset is.
SELECT d.revision, rfc3339(d.changed_at) AS changed_at
FROM dataset_revision AS d
