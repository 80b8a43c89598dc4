-- A day is judged by the month before it (the farm's usual ratio) and by the days around it (clock, gaps): a changed hour touches
-- from three days before its day to 30 days after it. Days that nobody sent are rows too: every farm has all market days from its
-- first one to the newest of its market, also when its own series has ended.
WITH changed AS (
  SELECT DISTINCT facility_code, network_date FROM added_clean_hourly_energy WHERE network_date IS NOT NULL
),
known AS (
  SELECT facility_code, network_date FROM daily_rows WHERE hours_sent > 0
  UNION
  SELECT facility_code, network_date FROM changed
),
farm AS (
  SELECT k.facility_code, m.network_id, min(k.network_date) AS first_day, max(k.network_date) AS last_day
  FROM known k
  JOIN (SELECT DISTINCT facility_code, network_id FROM clean_facility_master) m ON m.facility_code = k.facility_code
  GROUP BY k.facility_code, m.network_id
),
extent AS (
  SELECT facility_code, network_id, first_day, max(last_day) OVER (PARTITION BY network_id) AS newest_day FROM farm
),
calendar AS (
  SELECT facility_code,
    CAST(unnest(generate_series(CAST(first_day AS TIMESTAMP), CAST(newest_day AS TIMESTAMP), INTERVAL '1' DAY)) AS DATE) AS network_date
  FROM extent
),
fresh AS (
  SELECT facility_code, network_date FROM changed
  UNION
  SELECT c.facility_code, c.network_date
  FROM calendar c
  ANTI JOIN daily_rows d ON d.facility_code = c.facility_code AND d.network_date = c.network_date
),
touched AS (
  SELECT DISTINCT f.facility_code, f.network_date + s.shift AS network_date
  FROM fresh f
  CROSS JOIN (SELECT CAST(unnest(range(-3, 31)) AS INTEGER) AS shift) s
)
SELECT t.facility_code, t.network_date, network_day_start(t.network_date, e.network_id) AS date_hour,
  e.network_id, e.first_day, e.newest_day
FROM touched t
JOIN extent e ON e.facility_code = t.facility_code AND t.network_date BETWEEN e.first_day AND e.newest_day
