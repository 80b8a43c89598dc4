-- The few places where SQL dialects differ, by the names that the models use. Instants are cut into hours and days as whole microseconds:
-- through the calendar of a time zone, be it UTC, the same takes ten times as long.
CREATE OR REPLACE TEMP MACRO utc_clock(instant) AS make_timestamp(epoch_us(instant));
CREATE OR REPLACE TEMP MACRO utc_hour(instant) AS make_timestamptz(epoch_us(instant) // 3600000000 * 3600000000);
CREATE OR REPLACE TEMP MACRO utc_day(instant) AS make_timestamptz(epoch_us(instant) // 86400000000 * 86400000000);
CREATE OR REPLACE TEMP MACRO utc_month(instant) AS make_timestamptz(epoch_us(date_trunc('month', utc_clock(instant))));
-- Whole hours since 1970, which can be counted back from.
CREATE OR REPLACE TEMP MACRO hour_number(instant) AS epoch_us(instant) // 3600000000;
-- Which of the twelve five minutes of its hour an instant begins, 0 to 11.
CREATE OR REPLACE TEMP MACRO five_minutes(instant) AS CAST(epoch_us(instant) // 300000000 % 12 AS INTEGER);
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
CREATE OR REPLACE TEMP MACRO hour_of_interval(network, length, label) AS make_timestamptz(
  (epoch_us(label) - CASE WHEN network = 'NEM' AND length = '5m' THEN 300000000 ELSE 0 END) // 3600000000 * 3600000000);
-- Calendar day of the market's clock, which knows no daylight saving (NEM UTC+10, WEM UTC+8), the instant at which a day began, and the
-- hour of the market's day, 0 to 23.
CREATE OR REPLACE TEMP MACRO network_microseconds(network) AS CASE WHEN network = 'WEM' THEN 28800000000 ELSE 36000000000 END;
CREATE OR REPLACE TEMP MACRO network_date(instant, network) AS CAST(make_timestamp(epoch_us(instant) + network_microseconds(network)) AS DATE);
CREATE OR REPLACE TEMP MACRO network_day_start(day, network) AS
  make_timestamptz(epoch_us(CAST(day AS TIMESTAMP)) - network_microseconds(network));
CREATE OR REPLACE TEMP MACRO network_hour(instant, network) AS
  CAST((epoch_us(instant) + network_microseconds(network)) // 3600000000 % 24 AS INTEGER);
-- Irradiance on the plane of array [W/m2] after Hay and Davies, 1980, albedo 0.25: PlaneHour.Irradiance in SQL.
CREATE OR REPLACE TEMP MACRO plane_irradiance(global, direct, diffuse, extraterrestrial, beam_ratio, sky_view) AS
  direct * beam_ratio
  + diffuse * (coalesce(least(direct / nullif(extraterrestrial, 0), 1), 0) * beam_ratio
    + (1 - coalesce(least(direct / nullif(extraterrestrial, 0), 1), 0)) * sky_view)
  + global * 0.25 * (1 - sky_view);
-- Module temperature [deg C] after Faiman, 2008: plane irradiance [W/m2], air temperature [deg C], wind [m/s].
CREATE OR REPLACE TEMP MACRO module_temperature(irradiance, air, wind) AS air + irradiance / (25.0 + 6.84 * wind);
-- DC nameplate [MW]: the registered capacity where it is one. Hardly above the AC limit it is that limit once more (eight farms that
-- publish both have 1.10 to 1.35).
CREATE OR REPLACE TEMP MACRO dc_nameplate(registered, maximum) AS CASE
  WHEN maximum IS NULL OR registered >= 1.05 * maximum THEN registered END;
-- Module capacity [MW] for what may be expected: nameplate, or 1.2 times the AC limit as is usual.
CREATE OR REPLACE TEMP MACRO dc_capacity(registered, maximum) AS
  CAST(coalesce(dc_nameplate(registered, maximum), 1.2 * maximum) AS DOUBLE);
-- A ratio to six places; null where nothing is there to divide by.
CREATE OR REPLACE TEMP MACRO ratio(part, whole) AS CASE WHEN whole > 0 THEN round(CAST(part AS DOUBLE) / CAST(whole AS DOUBLE), 6) END;
-- Energy of an hour [MWh] by PVWatts (Dobos 2014): losses 14.08 %, -0.35 %/K, inverter 96 %, clipped at the AC limit.
CREATE OR REPLACE TEMP MACRO dc_power(irradiance, module, dc) AS irradiance / 1000 * dc * (1 - 0.0035 * (module - 25)) * (1 - 0.1408);
CREATE OR REPLACE TEMP MACRO pvwatts_ac(power, ac) AS CASE WHEN power IS NOT NULL THEN least(ac, greatest(0,
  0.96 / 0.9637 * (-0.0162 * power * power / (ac / 0.96) - 0.0059 * (ac / 0.96) + 0.9858 * power))) END;
CREATE OR REPLACE TEMP MACRO pv_energy(irradiance, module, dc, ac) AS pvwatts_ac(dc_power(irradiance, module, dc), ac);
