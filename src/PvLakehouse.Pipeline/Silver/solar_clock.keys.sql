-- The months of changed days, and the month after each, which compares itself with it.
SELECT DISTINCT facility_code, CAST(date_trunc('month', network_date) + to_months(s.shift) AS DATE) AS month
FROM added_clean_daily_energy
CROSS JOIN (SELECT CAST(unnest(range(2)) AS INTEGER) AS shift) s
