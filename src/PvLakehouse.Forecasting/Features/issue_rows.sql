-- issue_rows: one row for each forecast of each hour, with the newest of everything that was known when it was issued. issued_hours has
-- farm, market, horizon, hour and instant of the issue.
SELECT i.*,
  CAST(hour_number(i.date_hour + INTERVAL '1' HOUR) - hour_number(i.issued_at) AS INTEGER) AS lead_hours,
  -- The hour after the one that is forecast, which features look at too, has to be known as well.
  CAST(ceil(epoch(i.date_hour + INTERVAL '2' HOUR + forecast_availability() - i.issued_at) / 86400) AS INTEGER) AS weather_lead,
  utc_hour(i.issued_at - INTERVAL '1' HOUR - energy_delay) AS newest_hour,
  i.date_hour - CAST(ceil(epoch(i.date_hour + INTERVAL '1' HOUR + energy_delay - i.issued_at) / 86400) AS INTEGER) * INTERVAL '24' HOUR AS same_hour,
  utc_hour(i.issued_at - INTERVAL '25' HOUR) AS newest_air_hour,
  CAST(coalesce(m.total_capacity_maximum_mw, m.total_capacity_registered_mw) AS DOUBLE) AS ac_capacity_mw,
  dc_capacity(m.total_capacity_registered_mw, m.total_capacity_maximum_mw)
    / CAST(coalesce(m.total_capacity_maximum_mw, m.total_capacity_registered_mw) AS DOUBLE) AS dc_ac_ratio,
  CAST(m.location_lat AS DOUBLE) AS latitude,
  CAST(m.location_lng AS DOUBLE) AS longitude
FROM (SELECT r.*, $delay AS energy_delay FROM issued_hours r) i
JOIN facility_periods m ON m.facility_code = i.facility_code AND i.issued_at >= m.valid_from AND i.issued_at < m.valid_to
WHERE coalesce(m.total_capacity_maximum_mw, m.total_capacity_registered_mw) > 0
