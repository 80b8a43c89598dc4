-- A farm's metadata by period; the first period also covers the time before the lake first saw the farm.
SELECT *,
  CASE WHEN row_number() OVER (PARTITION BY facility_code ORDER BY effective_from) = 1
    THEN TIMESTAMPTZ '-infinity' ELSE effective_from END AS valid_from,
  coalesce(effective_to, TIMESTAMPTZ 'infinity') AS valid_to
FROM clean_facility_master
