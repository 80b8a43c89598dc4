-- The few places where SQL dialects differ, by the names that the models use.
CREATE OR REPLACE TEMP MACRO local_time(instant, zone) AS instant AT TIME ZONE zone;
CREATE OR REPLACE TEMP MACRO count_known(value) AS CASE WHEN value IS NULL THEN 0 ELSE 1 END;
-- Mean of two directions [°]; null when they oppose each other, so that no direction is in the middle.
CREATE OR REPLACE TEMP MACRO circular_mean(a, b) AS
  CASE WHEN abs(cos(radians(a)) + cos(radians(b))) < 1e-9 AND abs(sin(radians(a)) + sin(radians(b))) < 1e-9 THEN NULL
  ELSE round(degrees(atan2(sin(radians(a)) + sin(radians(b)), cos(radians(a)) + cos(radians(b)))) + 360, 4) % 360 END;
-- Magnus form with the coefficients of Alduchov and Eskridge, 1996; 0 to 100 %.
CREATE OR REPLACE TEMP MACRO relative_humidity(temperature, dew_point) AS
  CASE WHEN temperature IS NOT NULL AND dew_point IS NOT NULL THEN round(least(100, greatest(0,
    100 * exp(17.625 * dew_point / (243.04 + dew_point)) / exp(17.625 * temperature / (243.04 + temperature)))), 4) END;
-- How many intervals of a length an hour has.
CREATE OR REPLACE TEMP MACRO intervals_per_hour(length) AS CASE length WHEN '5m' THEN 12 WHEN '30m' THEN 2 WHEN '1h' THEN 1 END;
-- The UTC hour that an interval lies in. All are labelled by their start but one: the NEM's 5 minutes carry their END (AEMO's
-- SETTLEMENTDATE), so that 15:00 closes the hour that began at 14:00.
CREATE OR REPLACE TEMP MACRO hour_of_interval(network, length, label) AS
  time_bucket(INTERVAL 1 HOUR, CASE WHEN network = 'NEM' AND length = '5m' THEN label - INTERVAL 5 MINUTE ELSE label END);
-- Calendar day of the market's clock, which knows no daylight saving: NEM UTC+10, WEM UTC+8.
CREATE OR REPLACE TEMP MACRO network_offset(network) AS CASE WHEN network = 'WEM' THEN INTERVAL '8' HOUR ELSE INTERVAL '10' HOUR END;
CREATE OR REPLACE TEMP MACRO network_date(instant, network) AS CAST((instant AT TIME ZONE 'UTC') + network_offset(network) AS DATE);
CREATE OR REPLACE TEMP MACRO network_day_start(day, network) AS (CAST(day AS TIMESTAMP) - network_offset(network)) AT TIME ZONE 'UTC';
-- Irradiance on the plane of array [W/m2] after Hay and Davies, 1980, albedo 0.25: PlaneHour.Irradiance in SQL.
CREATE OR REPLACE TEMP MACRO plane_irradiance(global, direct, diffuse, extraterrestrial, beam_ratio, sky_view) AS
  direct * beam_ratio
  + diffuse * (coalesce(least(direct / nullif(extraterrestrial, 0), 1), 0) * beam_ratio
    + (1 - coalesce(least(direct / nullif(extraterrestrial, 0), 1), 0)) * sky_view)
  + global * 0.25 * (1 - sky_view);
-- Module temperature [deg C] after Faiman, 2008: plane irradiance [W/m2], air temperature [deg C], wind [m/s].
CREATE OR REPLACE TEMP MACRO module_temperature(irradiance, air, wind) AS air + irradiance / (25.0 + 6.84 * wind);
-- Module capacity [MW]: the registered one where it is one, else 1.2 times the AC limit. A registered capacity hardly above the AC
-- limit is that limit once more (eight farms that publish both have 1.10 to 1.35).
CREATE OR REPLACE TEMP MACRO dc_capacity(registered, maximum) AS CAST(CASE
  WHEN maximum IS NULL OR registered >= 1.05 * maximum THEN registered ELSE 1.2 * maximum END AS DOUBLE);
-- Energy of an hour [MWh] by PVWatts (Dobos 2014): losses 14.08 %, -0.35 %/K, inverter 96 %, clipped at the AC limit.
CREATE OR REPLACE TEMP MACRO dc_power(irradiance, module, dc) AS irradiance / 1000 * dc * (1 - 0.0035 * (module - 25)) * (1 - 0.1408);
CREATE OR REPLACE TEMP MACRO pvwatts_ac(power, ac) AS CASE WHEN power IS NOT NULL THEN least(ac, greatest(0,
  0.96 / 0.9637 * (-0.0162 * power * power / (ac / 0.96) - 0.0059 * (ac / 0.96) + 0.9858 * power))) END;
CREATE OR REPLACE TEMP MACRO pv_energy(irradiance, module, dc, ac) AS pvwatts_ac(dc_power(irradiance, module, dc), ac);
