-- The farm hours that changed in any source, and the hours between them and what the fact already holds:
-- a farm's grid has no holes, whatever the sources have.
WITH changed AS (
  SELECT facility_code, date_hour FROM added_clean_hourly_energy
  UNION
  SELECT facility_code, date_hour FROM added_clean_hourly_weather
  UNION
  SELECT facility_code, date_hour FROM added_clean_hourly_air_quality
  UNION
  -- a new period of a farm's metadata touches the hours since it began
  SELECT e.facility_code, e.date_hour
  FROM added_clean_facility_master m
  JOIN fact_hours e ON e.facility_code = m.facility_code AND e.date_hour >= m.effective_from
  UNION
  -- a farm-day that is held, or no longer, changes all its hours
  SELECT e.facility_code, e.date_hour
  FROM added_held_days h
  JOIN (SELECT DISTINCT facility_code, network_id FROM facility_periods) m ON m.facility_code = h.facility_code
  JOIN fact_hours e ON e.facility_code = h.facility_code
    AND e.date_hour >= network_day_start(h.network_date, m.network_id)
    AND e.date_hour < network_day_start(h.network_date, m.network_id) + INTERVAL '24' HOUR
),
span AS (
  SELECT c.facility_code, min(c.date_hour) AS first_hour, max(c.date_hour) AS last_hour FROM changed c GROUP BY c.facility_code
),
grid AS (
  SELECT s.facility_code, h.first_hour AS held_first, h.last_hour AS held_last,
    unnest(generate_series(
      least(s.first_hour, coalesce(h.last_hour + INTERVAL '1' HOUR, s.first_hour)),
      greatest(s.last_hour, coalesce(h.first_hour - INTERVAL '1' HOUR, s.last_hour)),
      INTERVAL '1' HOUR)) AS date_hour
  FROM span s
  LEFT JOIN fact_spans h ON h.facility_code = s.facility_code
)
SELECT facility_code, date_hour FROM changed
UNION
SELECT facility_code, date_hour FROM grid WHERE held_first IS NULL OR date_hour < held_first OR date_hour > held_last
