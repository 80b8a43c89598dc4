-- An hour is judged by its farm's day and by what the region's other farms did in it: new bronze or weather rows touch the whole
-- market day of all farms of the region.
WITH changed AS (
  SELECT facility_code, hour_of_interval(network_id, "interval", interval_ts) AS date_hour
  FROM added_raw_facility_timeseries
  WHERE metric = 'energy' AND "interval" IN ('5m', '30m', '1h')
  UNION
  SELECT facility_code, date_hour FROM added_clean_hourly_weather
),
farm AS (
  SELECT facility_code, network_id, coalesce(network_region, facility_code) AS region, valid_from, valid_to FROM facility_periods
),
day AS (
  SELECT DISTINCT f.region, f.network_id, network_date(c.date_hour, f.network_id) AS network_date
  FROM changed c
  JOIN farm f ON f.facility_code = c.facility_code AND c.date_hour >= f.valid_from AND c.date_hour < f.valid_to
)
SELECT DISTINCT f.facility_code, network_day_start(d.network_date, d.network_id) + to_hours(h.hour) AS date_hour
FROM day d
JOIN (SELECT DISTINCT facility_code, network_id, region FROM farm) f ON f.region = d.region AND f.network_id = d.network_id
CROSS JOIN (SELECT unnest(range(24)) AS hour) h
UNION
SELECT facility_code, date_hour FROM changed
