using PvLakehouse.Sandbox.Csv;
using PvLakehouse.Sandbox.Registry;

namespace PvLakehouse.Sandbox.Replay;

/// <summary>Makes the list of farms of a recording: recorded metadata first, the registry for what is missing.</summary>
/// <remarks>
/// A recorded row holds the capacity of the farm; several units share it equally, as in <see cref="FacilityRegistry"/>. A farm that only a
/// time series mentions is listed with the registry's facts, or, unknown there, with nothing but its names and units.
/// </remarks>
internal sealed class FacilityAssembly(FacilityRegistry registry, RecordedFiles files)
{
    public IReadOnlyList<SandboxFacility> Build()
    {
        var facilities = new Dictionary<string, SandboxFacility>(StringComparer.Ordinal);
        foreach (var row in files.Facilities)
        {
            var facility = Recorded(row);
            facilities[facility.Code] = facility;
        }

        foreach (var ((code, unit), row) in files.Energy.Farms)
        {
            var facility = facilities.GetValueOrDefault(code) ?? registry.Find(code) ?? Mentioned(code, row);
            facilities[code] = facility.Units.Any(known => known.Code == unit)
                ? facility
                : facility with { Units = [.. facility.Units, new(unit, "operating", CapacityRegisteredMw: null, CapacityMaximumMw: null)] };
        }

        return [.. facilities.Values.Select(Located).OrderBy(facility => facility.Code, StringComparer.Ordinal)];
    }

    private SandboxFacility Located(SandboxFacility facility) => facility.Location is not null ? facility : facility with
    {
        Location = registry.Find(facility.Code)?.Location
            ?? Place(files.Weather, facility.Code)
            ?? Place(files.AirQuality, facility.Code),
    };

    private static SandboxLocation? Place(WeatherRecording recording, string code) =>
        recording.Farms.TryGetValue(code, out var location) ? location : null;

    private static SandboxFacility Mentioned(string code, CsvRecord row) =>
        new(code, row.Optional("facility_name") ?? code, row.Required("network_id"), row.Optional("network_region") ?? "", []);

    private SandboxFacility Recorded(CsvRecord row)
    {
        var code = row.Required("facility_code");
        return new(code, row.Required("facility_name"), row.Required("network_id"), row.Required("network_region"), Units(row, code))
        {
            Location = row.Number("location_lat") is { } latitude && row.Number("location_lng") is { } longitude
                ? new SandboxLocation(latitude, longitude)
                : null,
            Description = row.Optional("facility_description"),
            CreatedAt = row.Instant("facility_created_at"),
            UpdatedAt = row.Instant("facility_updated_at"),
        };
    }

    /// <summary>The units of a row; its summaries, such as <c>solar_utility:1</c>, do not say which unit is what.</summary>
    private IReadOnlyList<SandboxUnit> Units(CsvRecord row, string code)
    {
        var kinds = Kinds(row, "unit_fueltech_summary");
        var statuses = Kinds(row, "unit_status_summary");
        if (kinds.Length > 1 || statuses.Length > 1)
        {
            return registry.Find(code)?.Units
                ?? throw row.Bad("unit_codes", "units of one kind and status, as the registry does not know which is which,");
        }

        var units = FacilityRegistry.Split(
            row.Required("unit_codes").Split([',', ';', '|'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            statuses is [var status] ? status : "operating",
            row.Number("total_capacity_registered_mw"), row.Number("total_capacity_maximum_mw"), firstSeen: null);
        return kinds is [var kind] ? [.. units.Select(unit => unit with { Fueltech = kind })] : units;
    }

    private static string[] Kinds(CsvRecord row, string column) =>
    [
        .. (row.Optional(column) ?? "").Split([',', ';', '|'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split(':')[0]),
    ];
}
