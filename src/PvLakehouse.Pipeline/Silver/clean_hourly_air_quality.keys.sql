-- A stamp closes the hour before it and opens the hour that it names; each hour is in the NowCast of the next eleven. Whole days of them
-- are far fewer to tell apart than hours.
WITH days AS (
  SELECT DISTINCT facility_code, day
  FROM (
    SELECT facility_code,
      unnest([utc_day(air_timestamp - INTERVAL '1' HOUR), utc_day(air_timestamp + INTERVAL '11' HOUR)]) AS day
    FROM added_raw_facility_air_quality)
)
SELECT facility_code, day + h.hour * INTERVAL '1' HOUR AS date_hour
FROM days
CROSS JOIN range(24) AS h(hour)
