-- The migrations that the database records.
SELECT name, checksum FROM public.migration ORDER BY name
