-- silver.clean_hourly_energy: energy per farm and UTC hour.
-- grain: (facility_code, date_hour)   incremental by: hours with a new bronze row
-- OpenElectricity labels a 1h bucket by its start, so interval_ts is date_hour.
WITH ranked AS (  -- a value may be corrected later; the last one received counts
  SELECT t.*,
    row_number() OVER (
      PARTITION BY t.facility_code, t.unit_code, t.interval_ts
      ORDER BY t.ingested_at DESC, t.ingest_batch_id DESC) AS newness
  FROM raw_facility_timeseries t
  JOIN keys k ON k.facility_code = t.facility_code AND k.date_hour = t.interval_ts
  WHERE t.metric = 'energy' AND t."interval" = '1h'
),
newest AS (
  SELECT * FROM ranked WHERE newness = 1
),
hourly AS (
  SELECT facility_code,
    interval_ts AS date_hour,
    max(facility_name) AS facility_name,
    max(network_code) AS network_code,
    max(network_region) AS network_region,
    -- decimals make the sum of the units independent of their order
    CAST(sum(CAST(value AS DECIMAL(18,9))) AS DOUBLE) AS energy_mwh,
    count(value) AS intervals_count,
    count(*) AS units_seen
  FROM newest
  GROUP BY facility_code, interval_ts
)
SELECT h.facility_code, h.facility_name, h.network_code, h.network_region, h.date_hour,
  local_time(h.date_hour, m.timezone_name) AS local_date_hour,
  h.energy_mwh, h.intervals_count,
  greatest(h.units_seen, coalesce(m.unit_count, 0)) AS expected_intervals,
  100.0 * h.intervals_count / greatest(h.units_seen, coalesce(m.unit_count, 0)) AS completeness_pct,
  CAST(coalesce(m.total_capacity_maximum_mw, m.total_capacity_registered_mw) AS DOUBLE) AS ac_capacity_mw,
  s.sun_elevation_max
FROM hourly h
LEFT JOIN facility_periods m
  ON m.facility_code = h.facility_code AND h.date_hour >= m.valid_from AND h.date_hour < m.valid_to
LEFT JOIN sun s ON s.facility_code = h.facility_code AND s.date_hour = h.date_hour
