-- gold.fact_solar_environmental: energy, weather and air quality of every farm hour.
-- grain: (facility_key, date_hour)   incremental by: hours whose silver rows changed
WITH base AS (
  SELECT k.facility_code, k.date_hour,
    f.facility_key,
    local_time(k.date_hour, m.timezone_name) AS local_date_hour,
    m.total_capacity_mw
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
)
SELECT j.*,
  coalesce(CAST(year(local_date_hour) * 10000 + month(local_date_hour) * 100 + day(local_date_hour) AS INTEGER), 0) AS date_key,
  coalesce(CAST(hour(local_date_hour) AS INTEGER), -1) AS time_key,
  CASE WHEN NOT is_valid THEN 'BAD' WHEN coalesce(is_good, false) THEN 'GOOD' ELSE 'WARNING' END AS quality_flag,
  CAST(CAST(irr_kwh_m2_hour AS DOUBLE) * CAST(total_capacity_mw AS DOUBLE) * 1000 AS DECIMAL(16,6)) AS yr_weighted_kwh
FROM joined j
