-- gold.fact_solar_forecast_regression: forecasts as they were issued, beside what happened.
-- grain: (model_version_id, issued_at, facility_key, date_hour)   incremental by: forecast hours with a new forecast or a new actual
WITH forecast AS (
  SELECT i.*, d.facility_key, coalesce(v.model_version_id, 0) AS model_version_id
  FROM issued_forecasts i
  JOIN keys k ON k.facility_code = i.facility_code AND k.date_hour = i.date_hour
  JOIN dim_facility d ON d.facility_code = i.facility_code
  LEFT JOIN dim_model_version v ON v.run_id = i.run_id
),
compared AS (
  SELECT f.*, CASE WHEN a.is_valid THEN a.energy_mwh END AS actual_energy_mwh
  FROM forecast f
  LEFT JOIN fact_solar_environmental a ON a.facility_key = f.facility_key AND a.date_hour = f.date_hour
)
SELECT *,
  coalesce(CAST(year(local_date_hour) * 10000 + month(local_date_hour) * 100 + day(local_date_hour) AS INTEGER), 0) AS date_key,
  coalesce(CAST(hour(local_date_hour) AS INTEGER), -1) AS time_key,
  CAST(hour_number(date_hour + INTERVAL '1' HOUR) - hour_number(issued_at) AS INTEGER) AS lead_hours,
  CAST(predicted_energy_mwh - actual_energy_mwh AS DECIMAL(12,6)) AS error_mwh,
  CAST(abs(predicted_energy_mwh - actual_energy_mwh) AS DECIMAL(12,6)) AS absolute_error,
  round(100.0 * abs(predicted_energy_mwh - actual_energy_mwh) / nullif(abs(actual_energy_mwh), 0), 4) AS percentage_error,
  round(100.0 * abs(predicted_energy_mwh - actual_energy_mwh) / nullif(ac_capacity_mw, 0), 4) AS capacity_error,
  actual_energy_mwh BETWEEN q10_energy_mwh AND q90_energy_mwh AS is_in_band
FROM compared
