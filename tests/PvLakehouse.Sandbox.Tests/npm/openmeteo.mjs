// Asks the sandbox through the official Open-Meteo client (FlatBuffers) and prints what the client made of it.
// node openmeteo.mjs <base URL>
import { fetchWeatherApi } from "openmeteo";

const base = process.argv[2];
const hours = { start_date: "2025-11-01", end_date: "2025-11-01" };

const describe = (response) => {
  const hourly = response.hourly();
  return {
    latitude: response.latitude(),
    longitude: response.longitude(),
    elevation: response.elevation(),
    locationId: Number(response.locationId()),
    model: response.model(),
    offset: response.utcOffsetSeconds(),
    timezone: response.timezone(),
    abbreviation: response.timezoneAbbreviation(),
    time: Number(hourly.time()),
    timeEnd: Number(hourly.timeEnd()),
    interval: hourly.interval(),
    variables: Array.from({ length: hourly.variablesLength() }, (_, i) => {
      const variable = hourly.variables(i);
      return {
        variable: variable.variable(),
        unit: variable.unit(),
        altitude: variable.altitude(),
        previousDay: variable.previousDay(),
        values: Array.from(variable.valuesArray(), (value) => (Number.isNaN(value) ? null : value)),
      };
    }),
  };
};

const archive = await fetchWeatherApi(`${base}v1/archive`, {
  latitude: [-34.919115, -35.0486], longitude: [146.60954, 147.4439], hourly: ["temperature_2m", "shortwave_radiation"], ...hours,
});
const zoned = await fetchWeatherApi(`${base}v1/forecast`, {
  latitude: -34.9, longitude: 146.6, hourly: "wind_speed_10m", timezone: "Australia/Brisbane", wind_speed_unit: "ms", ...hours,
});
const previous = await fetchWeatherApi(`${base}previous-runs/v1/forecast`, {
  latitude: -34.9, longitude: 146.6, hourly: ["temperature_2m", "temperature_2m_previous_day2"], ...hours,
});
const air = await fetchWeatherApi(`${base}v1/air-quality`, { latitude: -34.9, longitude: 146.6, hourly: ["pm2_5", "us_aqi"], ...hours });

let refused;
try {
  await fetchWeatherApi(`${base}v1/archive`, { latitude: 91, longitude: 0, hourly: "temperature_2m", ...hours });
} catch (error) {
  refused = error.message;
}

console.log(JSON.stringify({
  archive: archive.map(describe), zoned: zoned.map(describe), previous: previous.map(describe), air: air.map(describe), refused,
}));
