-- gold.dim_facility: the farms as they are now.
-- grain: facility_key   a facility keeps the key it got first; new ones count on from the highest, in order of their code
WITH current_master AS (
  SELECT * FROM clean_facility_master WHERE is_current
),
known AS (
  SELECT facility_key, facility_code FROM dim_facility WHERE facility_key > 0
),
fresh AS (
  SELECT m.facility_code,
    coalesce((SELECT max(facility_key) FROM known), 0) + row_number() OVER (ORDER BY m.facility_code) AS facility_key
  FROM current_master m
  WHERE m.facility_code NOT IN (SELECT facility_code FROM known)
),
keyed AS (
  SELECT facility_key, facility_code FROM known
  UNION ALL
  SELECT facility_key, facility_code FROM fresh
)
SELECT CAST(k.facility_key AS INTEGER) AS facility_key, m.facility_code,
  coalesce(m.facility_name, m.facility_code) AS facility_name,
  m.network_id, m.network_region, m.state AS region,
  regexp_replace(m.unit_fueltech_summary, ':[0-9]+', '', 'g') AS technology,
  m.unit_count, m.unit_status_summary AS unit_status, m.timezone_name, m.location_lat, m.location_lng,
  coalesce(m.total_capacity_maximum_mw, m.total_capacity_registered_mw) AS capacity_mw,
  m.total_capacity_mw, m.total_capacity_registered_mw, m.total_capacity_maximum_mw
FROM current_master m
JOIN keyed k ON k.facility_code = m.facility_code
UNION ALL
SELECT 0, 'UNKNOWN', 'Unknown', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
