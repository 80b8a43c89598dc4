-- The hours that new bronze rows touch.
SELECT DISTINCT facility_code, interval_ts AS date_hour
FROM added_raw_facility_timeseries
WHERE metric = 'energy' AND "interval" = '1h'
