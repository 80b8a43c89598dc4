-- A stamp closes the hour before it and opens the hour that it names; each hour is in the NowCast of the next eleven.
SELECT DISTINCT facility_code, air_timestamp + shift.hours * INTERVAL '1' HOUR AS date_hour
FROM added_raw_facility_air_quality
CROSS JOIN (VALUES (-1), (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11)) AS shift(hours)
