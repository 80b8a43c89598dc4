-- The farm hours that got a forecast, and those forecast hours whose energy arrived or was corrected.
SELECT DISTINCT facility_code, date_hour FROM added_issued_forecasts
UNION
SELECT d.facility_code, f.date_hour
FROM added_fact_solar_environmental f
JOIN dim_facility d ON d.facility_key = f.facility_key
SEMI JOIN issued_forecasts i ON i.facility_code = d.facility_code AND i.date_hour = f.date_hour
