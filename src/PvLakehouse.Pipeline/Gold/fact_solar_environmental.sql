-- gold.fact_solar_environmental: energy, weather and air quality of every farm hour.
-- grain: (facility_key, date_hour)   incremental by: hours whose silver rows changed
WITH base AS (
  SELECT k.facility_code, k.date_hour,
    f.facility_key,
    local_time(k.date_hour, m.timezone_name) AS local_date_hour,
    m.total_capacity_mw,
    coalesce(m.total_capacity_maximum_mw, m.total_capacity_registered_mw) AS ac_capacity_mw,
    dc_nameplate(m.total_capacity_registered_mw, m.total_capacity_maximum_mw) AS dc_capacity_mw,
    dc_capacity(m.total_capacity_registered_mw, m.total_capacity_maximum_mw) AS dc_capacity_assumed_mw
  FROM keys k
  LEFT JOIN dim_facility f ON f.facility_code = k.facility_code
  LEFT JOIN facility_periods m
    ON m.facility_code = k.facility_code AND k.date_hour >= m.valid_from AND k.date_hour < m.valid_to
),
joined AS (
  SELECT b.*,
    CAST(e.energy_mwh AS DECIMAL(12,6)) AS energy_mwh, e.intervals_count,
    w.shortwave_radiation, w.direct_radiation, w.diffuse_radiation, w.direct_normal_irradiance,
    CAST(w.shortwave_radiation / 1000 AS DECIMAL(10,6)) AS irr_kwh_m2_hour,
    w.sunshine_duration / 3600 AS sunshine_hours,
    w.clear_sky_radiation,
    CASE WHEN w.clear_sky_radiation >= 20 THEN round(w.shortwave_radiation / w.clear_sky_radiation, 4) END AS clear_sky_index,
    w.poa_irradiance, CASE WHEN w.poa_irradiance IS NOT NULL THEN plane_assumed() END AS plane_assumed, w.module_temperature,
    CASE WHEN w.is_valid THEN CAST(pv_energy(
      w.poa_irradiance, w.module_temperature, b.dc_capacity_assumed_mw, CAST(b.ac_capacity_mw AS DOUBLE)) AS DECIMAL(12,6)) END
      AS expected_energy_mwh,
    -- IEC 61724-1 leaves out what is too dim to measure a ratio
    CASE WHEN w.is_valid AND w.poa_irradiance >= 50 THEN CAST(
      CAST(b.dc_capacity_mw AS DOUBLE) * w.poa_irradiance / 1000 AS DECIMAL(12,6)) END AS reference_energy_mwh,
    CASE WHEN w.is_valid AND w.poa_irradiance >= 50 THEN CAST(
      CAST(b.dc_capacity_mw AS DOUBLE) * w.poa_irradiance / 1000 * (1 - 0.0035 * (w.module_temperature - 25)) AS DECIMAL(12,6)) END
      AS reference_energy_25c_mwh,
    w.temperature_2m, w.dew_point_2m, relative_humidity(w.temperature_2m, w.dew_point_2m) AS humidity_2m,
    w.cloud_cover, w.cloud_cover_low, w.cloud_cover_mid, w.cloud_cover_high, w.precipitation,
    w.wind_speed_10m, w.wind_direction_10m, w.wind_gusts_10m, w.pressure_msl,
    a.pm2_5, a.pm10, a.dust, a.nitrogen_dioxide, a.ozone, a.sulphur_dioxide, a.carbon_monoxide,
    a.uv_index, a.uv_index_clear_sky, a.aqi_value, coalesce(c.aqi_category_key, 0) AS aqi_category_key,
    e.energy_mwh IS NOT NULL AND e.is_valid AS is_valid,
    e.quality_flag = 'GOOD' AND w.quality_flag = 'GOOD' AND a.quality_flag = 'GOOD' AS is_good,
    concat_ws('|',
      CASE WHEN e.facility_code IS NULL THEN 'ENERGY_MISSING' ELSE nullif(e.quality_issues, '') END,
      CASE WHEN w.facility_code IS NULL THEN 'WEATHER_MISSING' ELSE nullif(w.quality_issues, '') END,
      CASE WHEN a.facility_code IS NULL THEN 'AIR_QUALITY_MISSING' ELSE nullif(a.quality_issues, '') END) AS quality_issues,
    CAST(CASE WHEN e.energy_mwh IS NULL THEN 0 ELSE 33.33 END
      + CASE WHEN w.shortwave_radiation IS NULL THEN 0 ELSE 33.33 END
      + CASE WHEN a.pm2_5 IS NULL THEN 0 ELSE 33.34 END AS DECIMAL(5,2)) AS completeness_pct
  FROM base b
  LEFT JOIN published_energy e ON e.facility_code = b.facility_code AND e.date_hour = b.date_hour
  LEFT JOIN clean_hourly_weather w ON w.facility_code = b.facility_code AND w.date_hour = b.date_hour
  LEFT JOIN clean_hourly_air_quality a ON a.facility_code = b.facility_code AND a.date_hour = b.date_hour
  LEFT JOIN dim_aqi_category c ON c.category_name = a.aqi_category
),
weighed AS (
  SELECT j.*,
    CAST(CAST(irr_kwh_m2_hour AS DOUBLE) * CAST(total_capacity_mw AS DOUBLE) * 1000 AS DECIMAL(16,6)) AS yr_weighted_kwh
  FROM joined j
)
SELECT w.*,
  coalesce(CAST(year(local_date_hour) * 10000 + month(local_date_hour) * 100 + day(local_date_hour) AS INTEGER), 0) AS date_key,
  coalesce(CAST(hour(local_date_hour) AS INTEGER), -1) AS time_key,
  CASE WHEN NOT is_valid THEN 'BAD' WHEN coalesce(is_good, false) THEN 'GOOD' ELSE 'WARNING' END AS quality_flag,
  ratio(energy_mwh, reference_energy_mwh) AS performance_ratio,
  ratio(energy_mwh, reference_energy_25c_mwh) AS performance_ratio_25c,
  CASE WHEN shortwave_radiation >= 50 THEN ratio(energy_mwh * 1000, yr_weighted_kwh) END AS performance_ratio_ghi,
  ratio(energy_mwh, ac_capacity_mw) AS capacity_factor,
  ratio(energy_mwh, dc_capacity_mw) AS specific_yield
FROM weighed w
