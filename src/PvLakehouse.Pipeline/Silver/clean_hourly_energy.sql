-- silver.clean_hourly_energy: energy per farm and UTC hour.
-- grain: (facility_code, date_hour)   incremental by: market days of a region with a new bronze or weather row
-- Intervals of 5 minutes, 30 minutes and an hour are counted into the hour that they cover; see hour_of_interval.
WITH asked AS NOT MATERIALIZED (
  SELECT facility_code, facility_name, network_code, network_region, unit_code, "interval", interval_ts, value, ingested_at, ingest_batch_id,
    hour_of_interval(network_id, "interval", interval_ts) AS date_hour
  FROM raw_facility_timeseries
  WHERE metric = 'energy' AND "interval" IN ('5m', '30m', '1h')
    AND facility_code IN (SELECT DISTINCT facility_code FROM keys)
),
repeated AS (  -- the few hours in which an interval was sent more than once: more rows than there are fives of minutes among their stamps
  SELECT facility_code, unit_code, "interval", date_hour
  FROM asked
  GROUP BY facility_code, unit_code, "interval", date_hour
  HAVING count(*) > bit_count(bit_or(1 << five_minutes(interval_ts)))
),
newest AS (  -- a value may be corrected later; the last one received counts
  SELECT * EXCLUDE (newness)
  FROM (
    SELECT a.*,
      row_number() OVER (
        PARTITION BY a.facility_code, a.unit_code, a."interval", a.interval_ts ORDER BY a.ingested_at DESC, a.ingest_batch_id DESC) AS newness
    FROM asked a
    SEMI JOIN repeated r ON r.facility_code = a.facility_code AND r.unit_code = a.unit_code AND r."interval" = a."interval"
      AND r.date_hour = a.date_hour)
  WHERE newness = 1
  UNION ALL
  SELECT a.*
  FROM asked a
  ANTI JOIN repeated r ON r.facility_code = a.facility_code AND r.unit_code = a.unit_code AND r."interval" = a."interval"
    AND r.date_hour = a.date_hour
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
    max(value) * intervals_per_hour("interval") AS peak_mw,
    max(ingested_at) AS received
  FROM newest
  GROUP BY facility_code, unit_code, date_hour, "interval"
),
chosen AS (  -- the same energy told in two lengths counts once: the most complete, then the newest, then the finest
  SELECT *,
    row_number() OVER (
      PARTITION BY facility_code, unit_code, date_hour
      ORDER BY CAST(known AS DOUBLE) / per_hour DESC, received DESC, per_hour DESC) AS place
  FROM told t
  SEMI JOIN keys k ON k.facility_code = t.facility_code AND k.date_hour = t.date_hour
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
    sum(peak_mw) AS peak_mw,
    count(*) AS units_seen
  FROM chosen
  WHERE place = 1
  GROUP BY facility_code, date_hour
),
placed AS (
  SELECT h.*,
    local_time(h.date_hour, m.timezone_name) AS local_date_hour,
    network_date(h.date_hour, m.network_id) AS network_date,
    coalesce(m.network_region, h.facility_code) AS region,
    h.intervals_per_unit * greatest(h.units_seen, coalesce(m.unit_count, 0)) AS expected_intervals,
    CAST(coalesce(m.total_capacity_maximum_mw, m.total_capacity_registered_mw) AS DOUBLE) AS ac_capacity_mw,
    dc_capacity(m.total_capacity_registered_mw, m.total_capacity_maximum_mw) AS dc_capacity_mw
  FROM hourly h
  LEFT JOIN facility_periods m
    ON m.facility_code = h.facility_code AND h.date_hour >= m.valid_from AND h.date_hour < m.valid_to
),
lit AS (  -- what the sky allows at most, and what its weather lets expect
  SELECT p.*, round(s.sun_elevation_min, 4) AS sun_elevation_min, round(s.sun_elevation_max, 4) AS sun_elevation_max,
    round(s.energy_limit_share * p.ac_capacity_mw, 6) AS energy_limit_mwh,
    round(pv_energy(w.poa_irradiance, w.module_temperature, p.dc_capacity_mw, p.ac_capacity_mw), 6) AS expected_energy_mwh
  FROM placed p
  LEFT JOIN sun s ON s.facility_code = p.facility_code AND s.date_hour = p.date_hour
  LEFT JOIN clean_hourly_weather w ON w.facility_code = p.facility_code AND w.date_hour = p.date_hour AND w.is_valid
),
seen AS (  -- what one hour says by itself
  SELECT *,
    energy_mwh > 0.005 * ac_capacity_mw AS is_generating,
    energy_mwh > 0.005 * ac_capacity_mw AND energy_mwh > energy_limit_mwh AS is_impossible,
    -- even thick clouds leave a tenth of the capacity that clear sky would give while the sun is 15 deg high
    coalesce(expected_energy_mwh > 0.1 * ac_capacity_mw, sun_elevation_min > 15) AS is_sunny,
    CASE WHEN lag(date_hour) OVER day = date_hour - INTERVAL '1' HOUR THEN lag(energy_mwh) OVER day END AS energy_before,
    sun_elevation_min < -1 AND sun_elevation_max < lag(sun_elevation_max) OVER day AS is_after_sunset,
    CASE WHEN lead(date_hour) OVER day = date_hour + INTERVAL '1' HOUR THEN lead(energy_mwh) OVER day END AS energy_after
  FROM lit
  WINDOW day AS (PARTITION BY facility_code, network_date ORDER BY date_hour)
),
compared AS (  -- what it says beside its neighbours
  SELECT *,
    -- a feed that stops within an hour repeats its last five minutes k times of twelve; what it repeats was measured once, so it is not
    -- beyond the capacity
    CASE WHEN is_generating AND energy_before > 0 AND energy_before <= 1.01 * ac_capacity_mw
      AND abs(12 * energy_mwh / energy_before - round(12 * energy_mwh / energy_before)) < 0.003
      AND energy_mwh <= 1.00001 * energy_before THEN 0 ELSE 1 END AS starts_run,
    coalesce(is_after_sunset AND is_impossible, false) AS is_evening_energy,
    coalesce(energy_mwh <= 1.00001 * energy_before AND energy_before <= 1.01 * ac_capacity_mw, false) AS goes_on,
    least(abs(energy_mwh - energy_before), abs(energy_mwh - energy_after)) < 0.0005 * ac_capacity_mw AS is_level,
    is_generating AND energy_mwh < 0.95 * ac_capacity_mw AND (
      -- two hours to half a thousandth, or three to half a per cent, which the same light gives by chance sooner
      (is_level
        AND expected_energy_mwh > 1.05 * energy_mwh + 0.02 * ac_capacity_mw)
      OR (abs(energy_mwh - energy_before) < 0.005 * ac_capacity_mw AND abs(energy_mwh - energy_after) < 0.005 * ac_capacity_mw
        AND expected_energy_mwh > 1.2 * energy_mwh + 0.02 * ac_capacity_mw)) AS is_flat_below,
    is_sunny AND energy_mwh <= 0.005 * ac_capacity_mw AS is_zero_under_sun
  FROM seen
),
runs AS (
  SELECT *,
    sum(starts_run) OVER (PARTITION BY facility_code, network_date ORDER BY date_hour) AS run,
    count(CASE WHEN is_evening_energy AND NOT goes_on THEN 1 END)
      OVER (PARTITION BY facility_code, network_date ORDER BY date_hour) AS evening_rises,
    -- others of the region that stand still or at a setpoint in the same hour: economic curtailment is regional
    sum(CASE WHEN is_sunny AND energy_mwh IS NOT NULL THEN 1 ELSE 0 END) OVER neighbours
      - CASE WHEN is_sunny AND energy_mwh IS NOT NULL THEN 1 ELSE 0 END AS peers,
    sum(CASE WHEN is_zero_under_sun OR is_flat_below THEN 1 ELSE 0 END) OVER neighbours
      - CASE WHEN is_zero_under_sun OR is_flat_below THEN 1 ELSE 0 END AS peers_held_back
  FROM compared
  WINDOW neighbours AS (PARTITION BY region, date_hour)
),
evidence AS (
  SELECT *,
    -- equal values prove nothing (clipping and setpoints are flat too) unless one of them cannot be; and what goes on after sunset
    -- from hour to hour without ever rising is the evening's last value, however many intervals of it each hour got
    (count(*) OVER same_run > 1 AND count(CASE WHEN is_impossible THEN 1 END) OVER same_run > 0)
      OR (is_evening_energy AND evening_rises = 0) AS is_frozen,
    peers_held_back >= 2 AND peers_held_back >= 0.1 * peers AS is_region_held_back
  FROM runs
  WINDOW same_run AS (PARTITION BY facility_code, network_date, run)
)
SELECT *, 100.0 * intervals_count / expected_intervals AS completeness_pct
FROM evidence
