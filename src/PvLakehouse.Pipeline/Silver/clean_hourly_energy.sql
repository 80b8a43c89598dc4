-- silver.clean_hourly_energy: energy per farm and UTC hour.
-- grain: (facility_code, date_hour)   incremental by: hours with a new bronze row
-- Intervals of 5 minutes, 30 minutes and an hour are counted into the hour that they cover; see hour_of_interval.
WITH ranked AS (  -- a value may be corrected later; the last one received counts
  SELECT t.*, k.date_hour,
    row_number() OVER (
      PARTITION BY t.facility_code, t.unit_code, t."interval", t.interval_ts
      ORDER BY t.ingested_at DESC, t.ingest_batch_id DESC) AS newness
  FROM raw_facility_timeseries t
  JOIN keys k ON k.facility_code = t.facility_code
    AND k.date_hour = hour_of_interval(t.network_id, t."interval", t.interval_ts)
  WHERE t.metric = 'energy' AND t."interval" IN ('5m', '30m', '1h')
),
newest AS (
  SELECT * FROM ranked WHERE newness = 1
),
told AS (  -- a unit's hour as one length of interval tells it
  SELECT facility_code, unit_code, date_hour,
    intervals_per_hour("interval") AS per_hour,
    max(facility_name) AS facility_name,
    max(network_code) AS network_code,
    max(network_region) AS network_region,
    -- decimals make a sum independent of its order
    sum(CAST(value AS DECIMAL(18,9))) AS energy,
    count(value) AS known,
    max(ingested_at) AS received
  FROM newest
  GROUP BY facility_code, unit_code, date_hour, "interval"
),
chosen AS (  -- the same energy told in two lengths counts once: the most complete, then the newest, then the finest
  SELECT *,
    row_number() OVER (
      PARTITION BY facility_code, unit_code, date_hour
      ORDER BY CAST(known AS DOUBLE) / per_hour DESC, received DESC, per_hour DESC) AS place
  FROM told
),
hourly AS (
  SELECT facility_code, date_hour,
    max(facility_name) AS facility_name,
    max(network_code) AS network_code,
    max(network_region) AS network_region,
    CAST(sum(energy) AS DOUBLE) AS energy_mwh,
    -- counted in the finest interval of the hour, so that units told in different lengths weigh the same
    CAST(sum(known * 12 / per_hour) * max(per_hour) / 12 AS BIGINT) AS intervals_count,
    max(per_hour) AS intervals_per_unit,
    count(*) AS units_seen
  FROM chosen
  WHERE place = 1
  GROUP BY facility_code, date_hour
)
SELECT h.facility_code, h.facility_name, h.network_code, h.network_region, h.date_hour,
  local_time(h.date_hour, m.timezone_name) AS local_date_hour,
  h.energy_mwh, h.intervals_count,
  h.intervals_per_unit * greatest(h.units_seen, coalesce(m.unit_count, 0)) AS expected_intervals,
  100.0 * h.intervals_count / (h.intervals_per_unit * greatest(h.units_seen, coalesce(m.unit_count, 0))) AS completeness_pct,
  CAST(coalesce(m.total_capacity_maximum_mw, m.total_capacity_registered_mw) AS DOUBLE) AS ac_capacity_mw,
  s.sun_elevation_max
FROM hourly h
LEFT JOIN facility_periods m
  ON m.facility_code = h.facility_code AND h.date_hour >= m.valid_from AND h.date_hour < m.valid_to
LEFT JOIN sun s ON s.facility_code = h.facility_code AND s.date_hour = h.date_hour
