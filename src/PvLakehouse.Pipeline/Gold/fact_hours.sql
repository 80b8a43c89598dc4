-- The farm hours that the fact holds, by code.
SELECT d.facility_code, f.date_hour
FROM fact_solar_environmental f
JOIN dim_facility d ON d.facility_key = f.facility_key
