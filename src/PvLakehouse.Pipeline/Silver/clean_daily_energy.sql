-- silver.clean_daily_energy: what a farm's market day says as a whole.
-- grain: (facility_code, network_date)   incremental by: changed hours, three days before to 30 days after
WITH span AS (
  SELECT facility_code, network_id, first_day, newest_day,
    greatest(first_day, CAST(min(network_date) - 30 AS DATE)) AS from_day,
    least(newest_day, CAST(max(network_date) + 3 AS DATE)) AS to_day
  FROM keys
  GROUP BY facility_code, network_id, first_day, newest_day
),
day_hours AS (
  SELECT h.*, s.first_day, s.newest_day, s.network_id,
    network_hour(h.date_hour, s.network_id) AS network_hour,
    concat('|', h.quality_issues, '|') AS issues,
    h.sun_elevation_max > 0 AND h.energy_mwh IS NOT NULL AND h.expected_energy_mwh IS NOT NULL AS is_compared,
    CASE WHEN h.sun_elevation_max < 15 THEN h.energy_mwh - coalesce(h.expected_energy_mwh, 0) END AS low_sun_excess
  FROM clean_hourly_energy h
  JOIN span s ON s.facility_code = h.facility_code AND h.network_date BETWEEN s.from_day AND s.to_day
),
sums AS (
  SELECT facility_code, network_date,
    max(network_region) AS network_region,
    max(ac_capacity_mw) AS ac_capacity_mw,
    count(*) AS hours_sent,
    count(energy_mwh) AS hours_known,
    count(CASE WHEN is_valid THEN 1 END) AS hours_valid,
    min(CASE WHEN energy_mwh IS NOT NULL THEN network_hour END) AS first_hour,
    max(CASE WHEN energy_mwh IS NOT NULL THEN network_hour END) AS last_hour,
    CAST(sum(CAST(energy_mwh AS DECIMAL(18,6))) AS DOUBLE) AS energy_mwh,
    CAST(coalesce(sum(CAST(CASE WHEN is_valid THEN energy_mwh END AS DECIMAL(18,6))), 0) AS DOUBLE) AS valid_energy_mwh,
    CAST(sum(CAST(CASE WHEN is_compared THEN energy_mwh END AS DECIMAL(18,6))) AS DOUBLE) AS compared_energy_mwh,
    CAST(sum(CAST(CASE WHEN is_compared THEN expected_energy_mwh END AS DECIMAL(18,6))) AS DOUBLE) AS expected_energy_mwh,
    CAST(coalesce(sum(CAST(CASE WHEN sun_elevation_max < -1 THEN energy_mwh END AS DECIMAL(18,6))), 0) AS DOUBLE) AS night_energy_mwh,
    CAST(coalesce(sum(CAST(CASE WHEN network_hour < 12 THEN low_sun_excess END AS DECIMAL(18,6))), 0) AS DOUBLE) AS dawn_excess_mwh,
    CAST(coalesce(sum(CAST(CASE WHEN network_hour >= 12 THEN low_sun_excess END AS DECIMAL(18,6))), 0) AS DOUBLE) AS dusk_excess_mwh,
    count(CASE WHEN sun_elevation_max < -15 AND energy_mwh > 0.005 * ac_capacity_mw THEN 1 END) AS deep_night_hours,
    count(CASE WHEN issues LIKE '%|FROZEN_VALUES|%' THEN 1 END) AS frozen_hours,
    count(CASE WHEN issues LIKE '%|CLIPPED|%' THEN 1 END) AS clipped_hours,
    count(CASE WHEN issues LIKE '%|CURTAILED|%' THEN 1 END) AS curtailed_hours,
    count(CASE WHEN issues LIKE '%|OUTAGE|%' OR issues LIKE '%|ZERO_UNDER_SUN|%' THEN 1 END) AS outage_hours,
    count(CASE WHEN issues LIKE '%|OVER_CAPACITY|%' OR issues LIKE '%|ABOVE_CLEAR_SKY|%' THEN 1 END) AS impossible_hours,
    -- the middle of the energy and of what the weather lets expect, over the same hours; what cannot be says nothing about the clock
    sum(CAST(CASE WHEN is_compared AND is_valid THEN energy_mwh * (network_hour + 0.5) END AS DECIMAL(24,6))) AS energy_moment,
    sum(CAST(CASE WHEN is_compared AND is_valid THEN energy_mwh END AS DECIMAL(24,6))) AS energy_weight,
    sum(CAST(CASE WHEN is_compared AND is_valid THEN expected_energy_mwh * (network_hour + 0.5) END AS DECIMAL(24,6))) AS expected_moment,
    sum(CAST(CASE WHEN is_compared AND is_valid THEN expected_energy_mwh END AS DECIMAL(24,6))) AS expected_weight,
    count(CASE WHEN is_compared AND is_valid THEN 1 END) AS compared_hours
  FROM day_hours
  GROUP BY facility_code, network_date
),
shapes AS (  -- hours whose ratio is near the day's own: a change of unit keeps the shape of the day, an outage does not
  SELECT h.facility_code, h.network_date,
    count(*) AS bright_hours,
    count(CASE WHEN h.energy_mwh / h.expected_energy_mwh BETWEEN s.ratio / 3 AND 3 * s.ratio THEN 1 END) AS like_hours
  FROM day_hours h
  JOIN (
    SELECT facility_code, network_date, compared_energy_mwh / expected_energy_mwh AS ratio
    FROM sums WHERE compared_energy_mwh > 0 AND expected_energy_mwh > 0
  ) s ON s.facility_code = h.facility_code AND s.network_date = h.network_date
  WHERE h.is_compared AND h.expected_energy_mwh > 0.05 * h.ac_capacity_mw
  GROUP BY h.facility_code, h.network_date
),
calendar AS (
  SELECT facility_code, first_day, newest_day,
    CAST(unnest(generate_series(CAST(from_day AS TIMESTAMP), CAST(to_day AS TIMESTAMP), INTERVAL '1' DAY)) AS DATE) AS network_date
  FROM span
),
whole AS (
  SELECT c.facility_code, c.network_date, s.network_region, s.ac_capacity_mw,
    coalesce(s.hours_sent, 0) AS hours_sent, coalesce(s.hours_known, 0) AS hours_known, coalesce(s.hours_valid, 0) AS hours_valid,
    -- a series may begin or, for now, end within a day
    24 - CASE WHEN c.network_date = c.first_day THEN coalesce(s.first_hour, 0) ELSE 0 END
      - CASE WHEN c.network_date = c.newest_day THEN 23 - coalesce(s.last_hour, 23) ELSE 0 END AS hours_expected,
    s.energy_mwh, coalesce(s.valid_energy_mwh, 0) AS valid_energy_mwh, s.expected_energy_mwh,
    CASE WHEN s.expected_energy_mwh > 0.2 * s.ac_capacity_mw THEN round(s.compared_energy_mwh / s.expected_energy_mwh, 6) END
      AS energy_ratio,
    coalesce(s.night_energy_mwh, 0) AS night_energy_mwh, s.dawn_excess_mwh, s.dusk_excess_mwh,
    coalesce(s.deep_night_hours, 0) AS deep_night_hours, coalesce(s.frozen_hours, 0) AS frozen_hours,
    coalesce(s.clipped_hours, 0) AS clipped_hours, coalesce(s.curtailed_hours, 0) AS curtailed_hours,
    coalesce(s.outage_hours, 0) AS outage_hours, coalesce(s.impossible_hours, 0) AS impossible_hours,
    coalesce(p.like_hours >= 0.7 * p.bright_hours AND p.bright_hours >= 3, false) AS keeps_shape,
    CASE WHEN s.compared_hours >= 6 AND s.energy_weight > 0.2 * s.ac_capacity_mw AND s.expected_weight > 0.2 * s.ac_capacity_mw
        AND s.curtailed_hours + s.outage_hours <= 2 AND s.impossible_hours = 0
      THEN round(CAST(s.energy_moment AS DOUBLE) / CAST(s.energy_weight AS DOUBLE)
        - CAST(s.expected_moment AS DOUBLE) / CAST(s.expected_weight AS DOUBLE), 4) END AS noon_offset_h
  FROM calendar c
  LEFT JOIN sums s ON s.facility_code = c.facility_code AND s.network_date = c.network_date
  LEFT JOIN shapes p ON p.facility_code = c.facility_code AND p.network_date = c.network_date
),
seen AS (
  SELECT *,
    CASE WHEN hours_known = 0 THEN 1 ELSE 0 END AS is_silent,
    CASE WHEN energy_ratio > 0 THEN ln(energy_ratio) END AS log_ratio
  FROM whole
),
compared AS (
  SELECT *,
    CASE WHEN count(log_ratio) OVER month_before >= 7 THEN round(exp(median(log_ratio) OVER month_before), 4) END AS typical_ratio,
    CASE WHEN count(log_ratio) OVER month_before >= 7 THEN
      round((quantile_cont(log_ratio, 0.75) OVER month_before - quantile_cont(log_ratio, 0.25) OVER month_before) / 1.349, 4) END
      AS ratio_spread,
    -- a median keeps the edge between days before a change of clock and days after it
    CASE WHEN hours_known > 0 AND count(noon_offset_h) OVER week >= 4 THEN round(median(noon_offset_h) OVER week, 4) END AS clock_offset_h,
    -- standard error of that median: sqrt(pi / 2) times the one of a mean, the spread taken from the quartiles
    CASE WHEN hours_known > 0 AND count(noon_offset_h) OVER week >= 4 THEN round(1.2533 / sqrt(count(noon_offset_h) OVER week)
      * (quantile_cont(noon_offset_h, 0.75) OVER week - quantile_cont(noon_offset_h, 0.25) OVER week) / 1.349, 4) END AS clock_error_h,
    greatest(
      sum(is_silent) OVER (PARTITION BY facility_code ORDER BY network_date ROWS BETWEEN 2 PRECEDING AND CURRENT ROW),
      sum(is_silent) OVER (PARTITION BY facility_code ORDER BY network_date ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING),
      sum(is_silent) OVER (PARTITION BY facility_code ORDER BY network_date ROWS BETWEEN CURRENT ROW AND 2 FOLLOWING)) AS silent_days
  FROM seen
  WINDOW
    month_before AS (PARTITION BY facility_code ORDER BY network_date ROWS BETWEEN 30 PRECEDING AND 1 PRECEDING),
    week AS (PARTITION BY facility_code ORDER BY network_date ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING)
)
SELECT c.*, c.hours_expected - c.hours_known AS hours_missing, c.hours_known - c.hours_valid AS hours_bad,
  round(c.energy_ratio / coalesce(c.typical_ratio, 1), 6) AS relative_ratio,
  c.log_ratio - coalesce(ln(c.typical_ratio), 0) AS log_relative,
  round(100.0 * c.hours_known / c.hours_expected, 2) AS completeness_pct
FROM compared c
JOIN keys k ON k.facility_code = c.facility_code AND k.network_date = c.network_date
