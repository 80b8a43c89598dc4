-- The few places where SQL dialects differ, by the names that the models use.
CREATE OR REPLACE TEMP MACRO local_time(instant, zone) AS instant AT TIME ZONE zone;
-- Market time has no daylight saving: UTC+8 in the WEM, UTC+10 in the NEM.
CREATE OR REPLACE TEMP MACRO network_offset(network) AS CASE WHEN network = 'WEM' THEN INTERVAL '8' HOUR ELSE INTERVAL '10' HOUR END;
-- The day of network time that an instant lies in, and the instant at which that day began.
CREATE OR REPLACE TEMP MACRO network_date(instant, network) AS CAST((instant + network_offset(network)) AT TIME ZONE 'UTC' AS DATE);
CREATE OR REPLACE TEMP MACRO network_midnight(instant, network) AS
  CAST(network_date(instant, network) AS TIMESTAMP) AT TIME ZONE 'UTC' - network_offset(network);
CREATE OR REPLACE TEMP MACRO count_known(value) AS CASE WHEN value IS NULL THEN 0 ELSE 1 END;
-- Mean of two directions [°]; null when they oppose each other, so that no direction is in the middle.
CREATE OR REPLACE TEMP MACRO circular_mean(a, b) AS
  CASE WHEN abs(cos(radians(a)) + cos(radians(b))) < 1e-9 AND abs(sin(radians(a)) + sin(radians(b))) < 1e-9 THEN NULL
  ELSE round(degrees(atan2(sin(radians(a)) + sin(radians(b)), cos(radians(a)) + cos(radians(b)))) + 360, 4) % 360 END;
-- Magnus form with the coefficients of Alduchov and Eskridge, 1996; 0 to 100 %.
CREATE OR REPLACE TEMP MACRO relative_humidity(temperature, dew_point) AS
  CASE WHEN temperature IS NOT NULL AND dew_point IS NOT NULL THEN round(least(100, greatest(0,
    100 * exp(17.625 * dew_point / (243.04 + dew_point)) / exp(17.625 * temperature / (243.04 + temperature)))), 4) END;
