-- silver.solar_clock: whether a farm's time stamps agree with the sun.
-- grain: (facility_code, month)   incremental by: months of changed days and the month after
WITH months AS (
  SELECT facility_code, CAST(date_trunc('month', network_date) AS DATE) AS month,
    count(CASE WHEN hours_known > 0 THEN 1 END) AS days_known,
    count(noon_offset_h) AS days_used,
    round(median(noon_offset_h), 4) AS noon_offset_h,
    round((quantile_cont(noon_offset_h, 0.75) - quantile_cont(noon_offset_h, 0.25)) / 1.349, 4) AS noon_offset_spread_h,
    -- a spell of a few days is told from a cloudy week by what the week scatters
    count(CASE WHEN abs(clock_offset_h) > greatest(0.25, 2.5 * clock_error_h) THEN 1 END) AS shifted_days,
    round(100 * CAST(sum(CAST(dawn_excess_mwh AS DECIMAL(18,6))) AS DOUBLE)
      / nullif(CAST(sum(CAST(energy_mwh AS DECIMAL(18,6))) AS DOUBLE), 0), 4) AS dawn_excess_pct,
    round(100 * CAST(sum(CAST(dusk_excess_mwh AS DECIMAL(18,6))) AS DOUBLE)
      / nullif(CAST(sum(CAST(energy_mwh AS DECIMAL(18,6))) AS DOUBLE), 0), 4) AS dusk_excess_pct
  FROM clean_daily_energy
  -- the days before hold the months that the affected ones are compared with
  WHERE facility_code IN (SELECT facility_code FROM keys)
  GROUP BY facility_code, CAST(date_trunc('month', network_date) AS DATE)
),
judged AS (
  SELECT m.*,
    CASE WHEN p.days_used >= 5 THEN round(m.noon_offset_h - p.noon_offset_h, 4) END AS step_h,
    round(100.0 * m.days_used / nullif(m.days_known, 0), 2) AS share_used
  FROM months m
  LEFT JOIN months p ON p.facility_code = m.facility_code AND p.month = CAST(m.month - INTERVAL '1' MONTH AS DATE)
)
SELECT j.facility_code, j.month, j.days_known, j.days_used, j.noon_offset_h, j.noon_offset_spread_h, j.shifted_days, j.step_h,
  j.dawn_excess_pct, j.dusk_excess_pct, coalesce(j.share_used, 0) AS completeness_pct
FROM judged j
JOIN keys k ON k.facility_code = j.facility_code AND k.month = j.month
