-- silver.clean_hourly_air_quality: air quality per farm and UTC hour.
-- grain: (facility_code, date_hour)   incremental by: hours with a new bronze row, and the eleven after them
-- Momentary values are represented by the mean of both ends of the hour; an hour with only one of its two stamps
-- (before the first or after the last load) is not there yet.
-- NowCast (US EPA, 2013): weights w^i over 12 hours, w = max(min/max, 0.5), truncated to 0.1 µg/m³.
WITH lookback AS (
  SELECT * FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11)) AS t(age)
),
days AS (  -- from the first hour of an hour's NowCast to the stamp that closes it
  SELECT DISTINCT k.facility_code, k.day + s.shift * INTERVAL '24' HOUR AS day
  FROM (SELECT DISTINCT facility_code, utc_day(date_hour) AS day FROM keys) k
  CROSS JOIN (VALUES (-1), (0), (1)) AS s(shift)
),
asked AS NOT MATERIALIZED (
  SELECT a.*
  FROM raw_facility_air_quality a
  SEMI JOIN days d ON d.facility_code = a.facility_code AND d.day = utc_day(a.air_timestamp)
),
repeated AS (
  SELECT facility_code, air_timestamp FROM asked GROUP BY facility_code, air_timestamp HAVING count(*) > 1
),
newest AS (  -- a value may be corrected later; the last one received counts
  SELECT * EXCLUDE (newness)
  FROM (
    SELECT a.*,
      row_number() OVER (
        PARTITION BY a.facility_code, a.air_timestamp ORDER BY a.ingested_at DESC, a.ingest_batch_id DESC) AS newness
    FROM asked a
    SEMI JOIN repeated r ON r.facility_code = a.facility_code AND r.air_timestamp = a.air_timestamp)
  WHERE newness = 1
  UNION ALL
  SELECT a.*
  FROM asked a
  ANTI JOIN repeated r ON r.facility_code = a.facility_code AND r.air_timestamp = a.air_timestamp
),
adjacent AS (  -- each stamp beside the one before it
  SELECT facility_code, facility_name,
    air_timestamp - INTERVAL '1' HOUR AS date_hour,
    lag(air_timestamp) OVER earlier AS stamp_before,
    round((lag(pm2_5) OVER earlier + pm2_5) / 2, 4) AS pm2_5,
    round((lag(pm10) OVER earlier + pm10) / 2, 4) AS pm10,
    round((lag(dust) OVER earlier + dust) / 2, 4) AS dust,
    round((lag(nitrogen_dioxide) OVER earlier + nitrogen_dioxide) / 2, 4) AS nitrogen_dioxide,
    round((lag(ozone) OVER earlier + ozone) / 2, 4) AS ozone,
    round((lag(sulphur_dioxide) OVER earlier + sulphur_dioxide) / 2, 4) AS sulphur_dioxide,
    round((lag(carbon_monoxide) OVER earlier + carbon_monoxide) / 2, 4) AS carbon_monoxide,
    round((lag(uv_index) OVER earlier + uv_index) / 2, 4) AS uv_index,
    round((lag(uv_index_clear_sky) OVER earlier + uv_index_clear_sky) / 2, 4) AS uv_index_clear_sky
  FROM newest
  WINDOW earlier AS (PARTITION BY facility_code ORDER BY air_timestamp)
),
aligned AS (
  SELECT * FROM adjacent WHERE stamp_before = date_hour
),
spread AS (  -- how much the twelve hours differ tells how much less each earlier one counts
  SELECT *, CASE WHEN highest > 0 THEN greatest(lowest / highest, 0.5) ELSE 1 END AS weight
  FROM (
    SELECT facility_code, number, pm2_5, max(pm2_5) OVER twelve AS highest, min(pm2_5) OVER twelve AS lowest
    FROM (SELECT facility_code, hour_number(date_hour) AS number, pm2_5 FROM aligned)
    WINDOW twelve AS (PARTITION BY facility_code ORDER BY number RANGE BETWEEN 11 PRECEDING AND CURRENT ROW))
),
weighted AS (  -- each hour counts in its own NowCast and in those of the next eleven; a join by age would multiply farms' histories
  SELECT s.facility_code, s.number, a.age, a.pm2_5, power(s.weight, a.age) AS weight
  FROM (
    SELECT p.facility_code, p.number + l.age AS number, l.age, p.pm2_5 FROM spread p CROSS JOIN lookback l WHERE p.pm2_5 IS NOT NULL) a
  JOIN spread s ON s.facility_code = a.facility_code AND s.number = a.number
),
nowcast AS (
  SELECT facility_code, number,
    CASE WHEN count(*) FILTER (WHERE age < 3) >= 2
      -- the sums are rounded before truncation so that 8.999999 from binary fractions stays 9.0
      THEN floor(round(sum(pm2_5 * weight) / sum(weight), 6) * 10) / 10 END AS pm2_5_nowcast
  FROM weighted
  GROUP BY facility_code, number
),
indexed AS (
  SELECT n.*,
    CASE WHEN n.pm2_5_nowcast IS NOT NULL THEN CAST(least(500, round(
      (b.aqi_high - b.aqi_low) / (b.pm2_5_high - b.pm2_5_low) * (n.pm2_5_nowcast - b.pm2_5_low) + b.aqi_low)) AS INTEGER) END
      AS aqi_value,
    b.category AS aqi_category
  FROM nowcast n
  LEFT JOIN aqi_breakpoints b ON n.pm2_5_nowcast >= b.pm2_5_low AND n.pm2_5_nowcast < b.pm2_5_next
)
SELECT a.*, i.pm2_5_nowcast, i.aqi_value, i.aqi_category,
  local_time(a.date_hour, m.timezone_name) AS local_date_hour,
  round(100.0 * (count_known(a.pm2_5) + count_known(a.pm10) + count_known(a.dust) + count_known(a.nitrogen_dioxide)
    + count_known(a.ozone) + count_known(a.sulphur_dioxide) + count_known(a.carbon_monoxide)
    + count_known(a.uv_index) + count_known(a.uv_index_clear_sky)) / 9, 2) AS completeness_pct
FROM aligned a
JOIN keys k ON k.facility_code = a.facility_code AND k.date_hour = a.date_hour
LEFT JOIN indexed i ON i.facility_code = a.facility_code AND i.number = hour_number(a.date_hour)
LEFT JOIN facility_periods m
  ON m.facility_code = a.facility_code AND a.date_hour >= m.valid_from AND a.date_hour < m.valid_to
