-- The local months of changed days.
SELECT DISTINCT facility_key, CAST(date_trunc('month', local_date) AS DATE) AS month FROM added_agg_daily_facility
