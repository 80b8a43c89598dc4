-- A stamp closes the hour before it and opens the hour that it names; a run of thirteen equal stamps makes all its hours suspect.
SELECT DISTINCT facility_code, weather_timestamp + shift.hours * INTERVAL '1' HOUR AS date_hour
FROM added_raw_facility_weather
CROSS JOIN range(-12, 12) AS shift(hours)
