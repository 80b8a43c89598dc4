-- The hours that new bronze rows touch.
SELECT DISTINCT facility_code, hour_of_interval(network_id, "interval", interval_ts) AS date_hour
FROM added_raw_facility_timeseries
WHERE metric = 'energy' AND "interval" IN ('5m', '30m', '1h')
