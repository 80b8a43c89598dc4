-- measured: what each farm hour delivered and how its weather and air were, with sums and means that look back in time, never in rows.
-- Hours whose energy broke a BAD rule or was vetoed have none here: they are nobody's past. Means are rounded, for their last digit depends
-- on the hour that the sums of a window start from.
WITH hours AS (
  SELECT d.facility_code, f.date_hour,
    CASE WHEN f.is_valid THEN CAST(f.energy_mwh AS DOUBLE) END AS energy_mwh,
    CASE WHEN f.is_valid THEN CAST(f.energy_mwh AS DOUBLE) / nullif(CAST(f.ac_capacity_mw AS DOUBLE), 0) END AS energy_share,
    f.is_valid, f.quality_issues, CAST(f.ac_capacity_mw AS DOUBLE) AS ac_capacity_mw, f.intervals_count, f.clear_sky_index,
    f.shortwave_radiation, f.direct_radiation, f.diffuse_radiation, f.temperature_2m, f.dew_point_2m, f.cloud_cover, f.cloud_cover_low,
    f.cloud_cover_mid, f.cloud_cover_high, f.precipitation, f.wind_speed_10m, f.poa_irradiance, f.module_temperature,
    CAST(f.expected_energy_mwh AS DOUBLE) AS expected_energy_mwh, f.pm2_5, f.pm10, f.dust, f.nitrogen_dioxide, f.ozone,
    s.clear_sky_energy_share
  FROM fact_solar_environmental f
  JOIN dim_facility d ON d.facility_key = f.facility_key
  LEFT JOIN sun s ON s.facility_code = d.facility_code AND s.date_hour = f.date_hour
  WHERE f.date_hour >= $from AND f.date_hour < $to
),
compared AS (  -- hours that say something of the farm against a clear sky
  SELECT *,
    CASE WHEN clear_sky_energy_share >= 0.05 AND energy_share IS NOT NULL THEN energy_share END AS sky_energy,
    CASE WHEN clear_sky_energy_share >= 0.05 AND energy_share IS NOT NULL THEN clear_sky_energy_share END AS sky_limit
  FROM hours
)
SELECT *,
  ratio(sky_energy, sky_limit) AS clear_sky_ratio,
  max(energy_share) OVER (PARTITION BY facility_code ORDER BY date_hour
    RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND INTERVAL '1' HOUR PRECEDING) AS energy_share_1h,
  max(energy_share) OVER (PARTITION BY facility_code ORDER BY date_hour
    RANGE BETWEEN INTERVAL '2' HOUR PRECEDING AND INTERVAL '2' HOUR PRECEDING) AS energy_share_2h,
  ratio(sum(sky_energy) OVER hours_3, sum(sky_limit) OVER hours_3) AS clear_sky_ratio_3h,
  ratio(sum(sky_energy) OVER hours_24, sum(sky_limit) OVER hours_24) AS clear_sky_ratio_24h,
  ratio(sum(sky_energy) OVER days_7, sum(sky_limit) OVER days_7) AS clear_sky_ratio_7d,
  ratio(sum(sky_energy) OVER days_30, sum(sky_limit) OVER days_30) AS clear_sky_ratio_30d,
  round(avg(energy_share) OVER same_hour_7, 6) AS same_hour_mean_7d,
  round(avg(energy_share) OVER same_hour_30, 6) AS same_hour_mean_30d,
  max(energy_share) OVER same_hour_30 AS same_hour_max_30d,
  round(stddev_pop(energy_share) OVER same_hour_30, 6) AS same_hour_deviation_30d,
  round(avg(pm2_5) OVER hours_24, 6) AS pm2_5_day,
  round(avg(dust) OVER hours_24, 6) AS dust_day
FROM compared
WINDOW
  hours_3 AS (PARTITION BY facility_code ORDER BY date_hour RANGE BETWEEN INTERVAL '2' HOUR PRECEDING AND CURRENT ROW),
  hours_24 AS (PARTITION BY facility_code ORDER BY date_hour RANGE BETWEEN INTERVAL '23' HOUR PRECEDING AND CURRENT ROW),
  days_7 AS (PARTITION BY facility_code ORDER BY date_hour RANGE BETWEEN INTERVAL '167' HOUR PRECEDING AND CURRENT ROW),
  days_30 AS (PARTITION BY facility_code ORDER BY date_hour RANGE BETWEEN INTERVAL '719' HOUR PRECEDING AND CURRENT ROW),
  same_hour_7 AS (PARTITION BY facility_code, hour_number(date_hour) % 24 ORDER BY date_hour RANGE BETWEEN INTERVAL '167' HOUR PRECEDING AND CURRENT ROW),
  same_hour_30 AS (PARTITION BY facility_code, hour_number(date_hour) % 24 ORDER BY date_hour RANGE BETWEEN INTERVAL '719' HOUR PRECEDING AND CURRENT ROW)
