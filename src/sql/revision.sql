-- The newest revision, and when the dataset got it, in microseconds since 1970.
SELECT d.revision, (extract(epoch FROM d.changed_at) * 1000000)::bigint AS changed
FROM dataset_revision AS d
