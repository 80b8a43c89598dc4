// Asks the sandbox through the official OpenElectricity client and prints what the client made of it.
// node openelectricity.mjs <base URL>
import openelectricity from "openelectricity";

const { OpenElectricityClient } = openelectricity;
const client = new OpenElectricityClient({ apiKey: "test-key-0123456789", baseUrl: process.argv[2] });

const facilities = await client.getFacilities({ network_id: ["NEM"], fueltech_id: ["solar_utility"], status_id: ["operating"] });
const series = await client.getFacilityData("NEM", ["AVLSF", "NEWENSF"], ["energy", "power"], {
  interval: "1h",
  dateStart: "2025-11-01T06:00:00",
  dateEnd: "2025-11-01T09:00:00",
});
const me = await client.getCurrentUser();

let refused;
try {
  await client.getFacilityData("NEM", ["AVLSF"], ["energy"], { interval: "1h", dateStart: "2024-01-01", dateEnd: "2025-11-01" });
} catch (error) {
  refused = { name: error.name, message: error.message, statusCode: error.statusCode };
}

console.log(JSON.stringify({
  facilities: facilities.response.data.length,
  avonlie: facilities.table.getRecords().find((unit) => unit.facility_code === "AVLSF"),
  rows: series.datatable.getRows().map((row) => ({ ...row, interval: row.interval.toISOString() })),
  plan: me.data.plan,
  refused,
}));
