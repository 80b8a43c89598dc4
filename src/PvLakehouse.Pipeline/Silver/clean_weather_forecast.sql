-- silver.clean_weather_forecast: weather per farm, UTC hour and number of days ahead, as it was forecast.
-- grain: (facility_code, date_hour, lead_days)   incremental by: hours with a new bronze row
-- Aligned as silver.clean_hourly_weather: radiation and precipitation stamped H belong to date_hour = H - 1 h, momentary values are
-- represented by the mean of both ends of the hour.
WITH days AS (
  SELECT DISTINCT k.facility_code, k.lead_days, k.day + s.shift * INTERVAL '24' HOUR AS day
  FROM (SELECT DISTINCT facility_code, lead_days, utc_day(date_hour) AS day FROM keys) k
  CROSS JOIN (VALUES (0), (1)) AS s(shift)
),
asked AS (
  SELECT w.*,
    row_number() OVER (
      PARTITION BY w.facility_code, w.lead_days, w.weather_timestamp ORDER BY w.ingested_at DESC, w.ingest_batch_id DESC) AS newness
  FROM raw_weather_forecast w
  SEMI JOIN days d ON d.facility_code = w.facility_code AND d.lead_days = w.lead_days AND d.day = utc_day(w.weather_timestamp)
),
adjacent AS (  -- each stamp beside the one before it
  SELECT facility_code, facility_name, lead_days,
    weather_timestamp - INTERVAL '1' HOUR AS date_hour,
    lag(weather_timestamp) OVER earlier AS stamp_before,
    shortwave_radiation, direct_radiation, diffuse_radiation, precipitation,
    round((lag(temperature_2m) OVER earlier + temperature_2m) / 2, 4) AS temperature_2m,
    round((lag(dew_point_2m) OVER earlier + dew_point_2m) / 2, 4) AS dew_point_2m,
    round((lag(cloud_cover) OVER earlier + cloud_cover) / 2, 4) AS cloud_cover,
    round((lag(cloud_cover_low) OVER earlier + cloud_cover_low) / 2, 4) AS cloud_cover_low,
    round((lag(cloud_cover_mid) OVER earlier + cloud_cover_mid) / 2, 4) AS cloud_cover_mid,
    round((lag(cloud_cover_high) OVER earlier + cloud_cover_high) / 2, 4) AS cloud_cover_high,
    round((lag(wind_speed_10m) OVER earlier + wind_speed_10m) / 2, 4) AS wind_speed_10m
  FROM asked
  WHERE newness = 1
  WINDOW earlier AS (PARTITION BY facility_code, lead_days ORDER BY weather_timestamp)
),
aligned AS (
  SELECT a.*,
    a.date_hour + INTERVAL '1' HOUR - a.lead_days * INTERVAL '24' HOUR AS issued_at,
    plane_irradiance(a.shortwave_radiation, a.direct_radiation, a.diffuse_radiation, s.extraterrestrial_ghi, s.beam_ratio, s.sky_view)
      AS plane_irradiance,
    s.clear_sky_ghi, s.ghi_limit, s.dhi_limit, s.dni_limit
  FROM adjacent a
  JOIN keys k ON k.facility_code = a.facility_code AND k.lead_days = a.lead_days AND k.date_hour = a.date_hour
  LEFT JOIN sun s ON s.facility_code = a.facility_code AND s.date_hour = a.date_hour
  WHERE a.stamp_before = a.date_hour
)
SELECT *,
  issued_at + forecast_availability() AS known_at,
  round(clear_sky_ghi, 4) AS clear_sky_radiation,
  round(plane_irradiance, 4) AS poa_irradiance,
  round(module_temperature(plane_irradiance, temperature_2m, wind_speed_10m / 3.6), 4) AS module_temperature,
  round(100.0 * (count_known(shortwave_radiation) + count_known(direct_radiation) + count_known(diffuse_radiation)
    + count_known(temperature_2m) + count_known(dew_point_2m) + count_known(cloud_cover) + count_known(cloud_cover_low)
    + count_known(cloud_cover_mid) + count_known(cloud_cover_high) + count_known(precipitation) + count_known(wind_speed_10m)) / 11, 2)
    AS completeness_pct
FROM aligned
