-- gold.agg_daily_facility: the local days of farms: sums, whose ratios facility_ratios.sql adds.
-- grain: (facility_key, date_key)   incremental by: local days of changed hours
WITH day_hours AS (
  SELECT f.*, k.local_date,
    CASE WHEN f.is_valid THEN f.energy_mwh END AS valid_mwh,
    f.is_valid AND f.reference_energy_mwh IS NOT NULL AS is_referenced
  FROM fact_solar_environmental f
  JOIN keys k ON k.facility_key = f.facility_key AND k.local_date = CAST(f.local_date_hour AS DATE)
)
SELECT facility_key, date_key, local_date,
  count(*) AS hours,
  count(energy_mwh) AS energy_hours,
  count(valid_mwh) AS valid_hours,
  count(CASE WHEN energy_mwh IS NOT NULL AND NOT is_valid THEN 1 END) AS bad_hours,
  max(ac_capacity_mw) AS ac_capacity_mw,
  max(dc_capacity_mw) AS dc_capacity_mw,
  sum(energy_mwh) AS energy_mwh,
  sum(valid_mwh) AS valid_energy_mwh,
  sum(CASE WHEN expected_energy_mwh IS NOT NULL THEN valid_mwh END) AS compared_energy_mwh,
  sum(CASE WHEN is_valid THEN expected_energy_mwh END) AS expected_energy_mwh,
  sum(CASE WHEN is_referenced THEN energy_mwh END) AS referenced_energy_mwh,
  sum(CASE WHEN is_referenced THEN reference_energy_mwh END) AS reference_energy_mwh,
  sum(CASE WHEN is_referenced THEN reference_energy_25c_mwh END) AS reference_energy_25c_mwh,
  sum(CASE WHEN is_valid AND yr_weighted_kwh > 0 THEN energy_mwh END) AS ghi_energy_mwh,
  sum(CASE WHEN is_valid AND yr_weighted_kwh > 0 THEN yr_weighted_kwh END) AS ghi_reference_kwh,
  sum(CASE WHEN is_valid THEN ac_capacity_mw END) AS ac_capacity_mwh,
  sum(ac_capacity_mw) AS calendar_capacity_mwh,
  round(sum(CAST(shortwave_radiation AS DECIMAL(18,6))) / 1000, 6) AS ghi_kwh_m2,
  round(sum(CAST(poa_irradiance AS DECIMAL(18,6))) / 1000, 6) AS poa_kwh_m2,
  round(sum(CAST(CASE WHEN shortwave_radiation IS NOT NULL THEN clear_sky_radiation END AS DECIMAL(18,6))) / 1000, 6) AS clear_sky_kwh_m2,
  sum(sunshine_hours) AS sunshine_hours,
  round(CAST(sum(CAST(precipitation AS DECIMAL(18,6))) AS DOUBLE), 4) AS precipitation_mm
FROM day_hours
GROUP BY facility_key, date_key, local_date
