-- A stamp closes the hour before it and opens the hour that it names.
SELECT DISTINCT facility_code, weather_timestamp + shift.hours AS date_hour
FROM added_raw_facility_weather
CROSS JOIN (VALUES (INTERVAL '-1' HOUR), (INTERVAL '0' HOUR)) AS shift(hours)
