-- The local days of changed hours, and the days beside them: a corrected clock moves hours from one day to the next.
WITH changed AS (
  SELECT facility_key, CAST(local_date_hour AS DATE) AS local_date, min(date_hour) AS date_hour
  FROM added_fact_solar_environmental
  WHERE local_date_hour IS NOT NULL
  GROUP BY ALL
)
SELECT facility_key, local_date + s.shift AS local_date, min(date_hour) AS date_hour
FROM changed
CROSS JOIN (SELECT CAST(unnest(range(-1, 2)) AS INTEGER) AS shift) s
GROUP BY ALL
