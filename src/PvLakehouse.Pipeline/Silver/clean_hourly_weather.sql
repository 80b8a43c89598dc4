-- silver.clean_hourly_weather: weather per farm and UTC hour.
-- grain: (facility_code, date_hour)   incremental by: hours with a new bronze row, and those within twelve hours of one
-- Radiation, sunshine and precipitation stamped H cover [H - 1 h, H): they belong to date_hour = H - 1 h.
-- Momentary values are represented by the mean of both ends of the hour; an hour with only one of its two stamps
-- (before the first or after the last load) is not there yet.
-- A run is the number of neighbouring stamps with one value; the days of the eleven stamps before an hour and of the twelve after it are
-- looked at, so runs longer than that count as longer than twelve, which is all that a rule asks.
WITH days AS (
  SELECT DISTINCT k.facility_code, k.day + s.shift * INTERVAL '24' HOUR AS day
  FROM (SELECT DISTINCT facility_code, utc_day(date_hour) AS day FROM keys) k
  CROSS JOIN (VALUES (-1), (0), (1)) AS s(shift)
),
asked AS NOT MATERIALIZED (
  SELECT w.*
  FROM raw_facility_weather w
  SEMI JOIN days d ON d.facility_code = w.facility_code AND d.day = utc_day(w.weather_timestamp)
),
repeated AS (
  SELECT facility_code, weather_timestamp FROM asked GROUP BY facility_code, weather_timestamp HAVING count(*) > 1
),
newest AS (  -- a value may be corrected later; the last one received counts
  SELECT * EXCLUDE (newness)
  FROM (
    SELECT a.*,
      row_number() OVER (
        PARTITION BY a.facility_code, a.weather_timestamp ORDER BY a.ingested_at DESC, a.ingest_batch_id DESC) AS newness
    FROM asked a
    SEMI JOIN repeated r ON r.facility_code = a.facility_code AND r.weather_timestamp = a.weather_timestamp)
  WHERE newness = 1
  UNION ALL
  SELECT a.*
  FROM asked a
  ANTI JOIN repeated r ON r.facility_code = a.facility_code AND r.weather_timestamp = a.weather_timestamp
),
numbered AS (
  SELECT *,
    row_number() OVER earlier AS number,
    lag(weather_timestamp) OVER earlier IS NOT DISTINCT FROM weather_timestamp - INTERVAL '1' HOUR AS follows
  FROM newest
  WINDOW earlier AS (PARTITION BY facility_code ORDER BY weather_timestamp)
),
changed AS (  -- the number of each stamp at which a value is not the one before
  SELECT *,
    CASE WHEN NOT follows OR temperature_2m IS DISTINCT FROM lag(temperature_2m) OVER earlier THEN number END AS temperature_2m_new,
    CASE WHEN NOT follows OR dew_point_2m IS DISTINCT FROM lag(dew_point_2m) OVER earlier THEN number END AS dew_point_2m_new,
    CASE WHEN NOT follows OR pressure_msl IS DISTINCT FROM lag(pressure_msl) OVER earlier THEN number END AS pressure_msl_new,
    CASE WHEN NOT follows OR wind_speed_10m IS DISTINCT FROM lag(wind_speed_10m) OVER earlier THEN number END AS wind_speed_10m_new,
    CASE WHEN NOT follows OR shortwave_radiation IS DISTINCT FROM lag(shortwave_radiation) OVER earlier THEN number END AS shortwave_radiation_new
  FROM numbered
  WINDOW earlier AS (PARTITION BY facility_code ORDER BY number)
),
runs AS (
  SELECT *,
    coalesce(first_value(temperature_2m_new IGNORE NULLS) OVER later, last_number + 1) - last_value(temperature_2m_new IGNORE NULLS) OVER so_far AS temperature_2m_length,
    coalesce(first_value(dew_point_2m_new IGNORE NULLS) OVER later, last_number + 1) - last_value(dew_point_2m_new IGNORE NULLS) OVER so_far AS dew_point_2m_length,
    coalesce(first_value(pressure_msl_new IGNORE NULLS) OVER later, last_number + 1) - last_value(pressure_msl_new IGNORE NULLS) OVER so_far AS pressure_msl_length,
    coalesce(first_value(wind_speed_10m_new IGNORE NULLS) OVER later, last_number + 1) - last_value(wind_speed_10m_new IGNORE NULLS) OVER so_far AS wind_speed_10m_length,
    coalesce(first_value(shortwave_radiation_new IGNORE NULLS) OVER later, last_number + 1) - last_value(shortwave_radiation_new IGNORE NULLS) OVER so_far AS shortwave_radiation_run
  FROM (SELECT *, max(number) OVER (PARTITION BY facility_code) AS last_number FROM changed)
  WINDOW so_far AS (PARTITION BY facility_code ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW),
    later AS (PARTITION BY facility_code ORDER BY number ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
),
adjacent AS (  -- each stamp beside the one before it; joining the stamps with themselves would tempt an optimizer to pair farms' histories
  SELECT facility_code, facility_name,
    weather_timestamp - INTERVAL '1' HOUR AS date_hour,
    lag(weather_timestamp) OVER earlier AS stamp_before,
    shortwave_radiation, direct_radiation, diffuse_radiation, direct_normal_irradiance, terrestrial_radiation,
    precipitation, sunshine_duration,
    round((lag(temperature_2m) OVER earlier + temperature_2m) / 2, 4) AS temperature_2m,
    round((lag(dew_point_2m) OVER earlier + dew_point_2m) / 2, 4) AS dew_point_2m,
    round((lag(wet_bulb_temperature_2m) OVER earlier + wet_bulb_temperature_2m) / 2, 4) AS wet_bulb_temperature_2m,
    round((lag(cloud_cover) OVER earlier + cloud_cover) / 2, 4) AS cloud_cover,
    round((lag(cloud_cover_low) OVER earlier + cloud_cover_low) / 2, 4) AS cloud_cover_low,
    round((lag(cloud_cover_mid) OVER earlier + cloud_cover_mid) / 2, 4) AS cloud_cover_mid,
    round((lag(cloud_cover_high) OVER earlier + cloud_cover_high) / 2, 4) AS cloud_cover_high,
    round((lag(total_column_integrated_water_vapour) OVER earlier + total_column_integrated_water_vapour) / 2, 4) AS total_column_integrated_water_vapour,
    round((lag(boundary_layer_height) OVER earlier + boundary_layer_height) / 2, 4) AS boundary_layer_height,
    round((lag(wind_speed_10m) OVER earlier + wind_speed_10m) / 2, 4) AS wind_speed_10m,
    round((lag(wind_gusts_10m) OVER earlier + wind_gusts_10m) / 2, 4) AS wind_gusts_10m,
    round((lag(pressure_msl) OVER earlier + pressure_msl) / 2, 4) AS pressure_msl,
    lag(wind_direction_10m) OVER earlier AS wind_direction_before,
    wind_direction_10m AS wind_direction_after,
    temperature_2m - lag(temperature_2m) OVER earlier AS temperature_2m_change,
    dew_point_2m - lag(dew_point_2m) OVER earlier AS dew_point_2m_change,
    pressure_msl - lag(pressure_msl) OVER earlier AS pressure_msl_change,
    wind_speed_10m - lag(wind_speed_10m) OVER earlier AS wind_speed_10m_change,
    -- the hour stands still when both its ends belong to one run
    CASE WHEN temperature_2m_new IS NULL THEN temperature_2m_length END AS temperature_2m_run,
    CASE WHEN dew_point_2m_new IS NULL THEN dew_point_2m_length END AS dew_point_2m_run,
    CASE WHEN pressure_msl_new IS NULL THEN pressure_msl_length END AS pressure_msl_run,
    CASE WHEN wind_speed_10m_new IS NULL THEN wind_speed_10m_length END AS wind_speed_10m_run,
    shortwave_radiation_run
  FROM runs
  WINDOW earlier AS (PARTITION BY facility_code ORDER BY weather_timestamp)
),
aligned AS (
  SELECT a.*, circular_mean(a.wind_direction_before, a.wind_direction_after) AS wind_direction_10m
  FROM adjacent a
  JOIN keys k ON k.facility_code = a.facility_code AND k.date_hour = a.date_hour
  WHERE a.stamp_before = a.date_hour
)
SELECT a.*,
  round(s.clear_sky_ghi, 4) AS clear_sky_radiation,
  round(plane_irradiance(a.shortwave_radiation, a.direct_radiation, a.diffuse_radiation, s.extraterrestrial_ghi, s.beam_ratio, s.sky_view), 4)
    AS poa_irradiance,
  round(module_temperature(
    plane_irradiance(a.shortwave_radiation, a.direct_radiation, a.diffuse_radiation, s.extraterrestrial_ghi, s.beam_ratio, s.sky_view),
    a.temperature_2m, a.wind_speed_10m / 3.6), 4) AS module_temperature,
  local_time(a.date_hour, m.timezone_name) AS local_date_hour,
  -- opposed winds leave the direction null by rule, not for want of data, so it does not count
  round(100.0 * (count_known(a.shortwave_radiation) + count_known(a.direct_radiation) + count_known(a.diffuse_radiation)
    + count_known(a.direct_normal_irradiance) + count_known(a.terrestrial_radiation) + count_known(a.precipitation)
    + count_known(a.sunshine_duration) + count_known(a.temperature_2m) + count_known(a.dew_point_2m)
    + count_known(a.wet_bulb_temperature_2m) + count_known(a.cloud_cover) + count_known(a.cloud_cover_low)
    + count_known(a.cloud_cover_mid) + count_known(a.cloud_cover_high)
    + count_known(a.total_column_integrated_water_vapour) + count_known(a.boundary_layer_height)
    + count_known(a.wind_speed_10m) + count_known(a.wind_gusts_10m) + count_known(a.pressure_msl)) / 19, 2)
    AS completeness_pct,
  s.sun_elevation_max, s.cos_zenith, s.ghi_limit, s.dhi_limit, s.dni_limit
FROM aligned a
LEFT JOIN facility_periods m
  ON m.facility_code = a.facility_code AND a.date_hour >= m.valid_from AND a.date_hour < m.valid_to
LEFT JOIN sun s ON s.facility_code = a.facility_code AND s.date_hour = a.date_hour
