-- gold.agg_monthly_facility: the local months of farms, from the sums of their days, whose ratios facility_ratios.sql adds.
-- grain: (facility_key, month_key)   incremental by: months of changed days
SELECT d.facility_key, k.month,
  CAST(year(k.month) * 100 + month(k.month) AS INTEGER) AS month_key,
  count(*) AS days,
  CAST(sum(d.hours) AS BIGINT) AS hours,
  CAST(sum(d.energy_hours) AS BIGINT) AS energy_hours,
  CAST(sum(d.valid_hours) AS BIGINT) AS valid_hours,
  CAST(sum(d.bad_hours) AS BIGINT) AS bad_hours,
  max(d.ac_capacity_mw) AS ac_capacity_mw,
  max(d.dc_capacity_mw) AS dc_capacity_mw,
  sum(d.energy_mwh) AS energy_mwh,
  sum(d.valid_energy_mwh) AS valid_energy_mwh,
  sum(d.compared_energy_mwh) AS compared_energy_mwh,
  sum(d.expected_energy_mwh) AS expected_energy_mwh,
  sum(d.referenced_energy_mwh) AS referenced_energy_mwh,
  sum(d.reference_energy_mwh) AS reference_energy_mwh,
  sum(d.reference_energy_25c_mwh) AS reference_energy_25c_mwh,
  sum(d.ghi_energy_mwh) AS ghi_energy_mwh,
  sum(d.ghi_reference_kwh) AS ghi_reference_kwh,
  sum(d.ac_capacity_mwh) AS ac_capacity_mwh,
  sum(d.calendar_capacity_mwh) AS calendar_capacity_mwh,
  round(CAST(sum(CAST(d.ghi_kwh_m2 AS DECIMAL(18,6))) AS DOUBLE), 6) AS ghi_kwh_m2,
  round(CAST(sum(CAST(d.poa_kwh_m2 AS DECIMAL(18,6))) AS DOUBLE), 6) AS poa_kwh_m2,
  round(CAST(sum(CAST(d.clear_sky_kwh_m2 AS DECIMAL(18,6))) AS DOUBLE), 6) AS clear_sky_kwh_m2,
  sum(d.sunshine_hours) AS sunshine_hours,
  round(CAST(sum(CAST(d.precipitation_mm AS DECIMAL(18,6))) AS DOUBLE), 4) AS precipitation_mm
FROM agg_daily_facility d
JOIN keys k ON k.facility_key = d.facility_key AND k.month = CAST(date_trunc('month', d.local_date) AS DATE)
GROUP BY d.facility_key, k.month
