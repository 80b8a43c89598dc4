-- silver.clean_facility_master: farms and how their metadata changed.
-- grain: (facility_code, effective_from)   rebuilt from every ingest; an unchanged ingest yields the same rows
WITH seen AS (
  SELECT f.facility_code, f.facility_name, f.network_id, f.network_region,
    CAST(f.location_lat AS DECIMAL(10,6)) AS location_lat,
    CAST(f.location_lng AS DECIMAL(10,6)) AS location_lng,
    f.unit_count, f.unit_codes,
    CAST(f.total_capacity_mw AS DECIMAL(10,4)) AS total_capacity_mw,
    CAST(f.total_capacity_registered_mw AS DECIMAL(10,4)) AS total_capacity_registered_mw,
    CAST(f.total_capacity_maximum_mw AS DECIMAL(10,4)) AS total_capacity_maximum_mw,
    f.unit_fueltech_summary, f.unit_status_summary, f.facility_description,
    f.ingested_at,
    -- two ingests of one instant: the later batch name wins
    row_number() OVER (PARTITION BY f.facility_code, f.ingested_at ORDER BY f.ingest_batch_id DESC) AS newness,
    count(*) OVER (PARTITION BY f.facility_code, f.ingested_at, f.ingest_batch_id) AS times_listed
  FROM raw_facilities f
),
compared AS (
  SELECT *,
    row(facility_name, network_id, network_region, location_lat, location_lng, unit_count, unit_codes, total_capacity_mw,
      total_capacity_registered_mw, total_capacity_maximum_mw, unit_fueltech_summary, unit_status_summary,
      facility_description) AS attributes
  FROM seen
  WHERE newness = 1
),
remembered AS (
  SELECT *,
    row_number() OVER (PARTITION BY facility_code ORDER BY ingested_at) AS ingest,
    lag(attributes) OVER (PARTITION BY facility_code ORDER BY ingested_at) AS attributes_before
  FROM compared
),
changed AS (  -- only the first ingest of each run of equal values starts a period
  SELECT * FROM remembered WHERE ingest = 1 OR attributes IS DISTINCT FROM attributes_before
),
period AS (
  SELECT *,
    ingested_at AS effective_from,
    lead(ingested_at) OVER (PARTITION BY facility_code ORDER BY ingested_at) AS effective_to,
    lag(total_capacity_mw) OVER (PARTITION BY facility_code ORDER BY ingested_at) AS capacity_before
  FROM changed
),
neighbour AS (  -- other farms that stood at the same place at the same time; stages of one farm do, and carry its name
  SELECT DISTINCT a.facility_code, a.effective_from
  FROM period a
  JOIN period b ON a.location_lat = b.location_lat AND a.location_lng = b.location_lng AND a.facility_code <> b.facility_code
  WHERE (a.effective_to IS NULL OR b.effective_from < a.effective_to) AND (b.effective_to IS NULL OR a.effective_from < b.effective_to)
    AND NOT starts_with(lower(coalesce(a.facility_name, '')), lower(coalesce(b.facility_name, '')))
    AND NOT starts_with(lower(coalesce(b.facility_name, '')), lower(coalesce(a.facility_name, '')))
)
SELECT p.facility_code, p.facility_name, p.network_id, p.network_region, p.location_lat, p.location_lng, p.unit_count,
  p.unit_codes, p.total_capacity_mw, p.total_capacity_registered_mw, p.total_capacity_maximum_mw, p.unit_fueltech_summary,
  p.unit_status_summary, p.facility_description, p.effective_from, p.effective_to,
  r.state,
  CASE
    -- Broken Hill keeps South Australian time although it lies in New South Wales
    WHEN p.network_region = 'NSW1' AND p.location_lng < 142.2 AND p.location_lat BETWEEN -33 AND -30.5 THEN 'Australia/Broken_Hill'
    ELSE r.timezone_name
  END AS timezone_name,
  p.effective_to IS NULL AS is_current,
  100.0 * (
    CASE WHEN p.location_lat IS NOT NULL AND p.location_lng IS NOT NULL THEN 1 ELSE 0 END
    + CASE WHEN r.region IS NOT NULL THEN 1 ELSE 0 END
    + CASE WHEN p.total_capacity_registered_mw IS NOT NULL THEN 1 ELSE 0 END
    + CASE WHEN p.total_capacity_maximum_mw IS NOT NULL THEN 1 ELSE 0 END) / 4 AS completeness_pct,
  p.capacity_before, p.times_listed, n.facility_code IS NOT NULL AS shares_place,
  p.location_lat BETWEEN r.south AND r.north AND p.location_lng BETWEEN r.west AND r.east AS is_in_region
FROM period p
LEFT JOIN regions r ON r.region = p.network_region
LEFT JOIN neighbour n ON n.facility_code = p.facility_code AND n.effective_from = p.effective_from
