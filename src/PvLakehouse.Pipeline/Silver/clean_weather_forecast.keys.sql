-- A stamp closes the hour before it and opens the hour that it names.
WITH days AS (
  SELECT DISTINCT facility_code, lead_days, day
  FROM (
    SELECT facility_code, lead_days, unnest([utc_day(weather_timestamp - INTERVAL '1' HOUR), utc_day(weather_timestamp)]) AS day
    FROM added_raw_weather_forecast)
)
SELECT facility_code, lead_days, day + h.hour * INTERVAL '1' HOUR AS date_hour
FROM days
CROSS JOIN range(24) AS h(hour)
