using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Http;
using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Time;

namespace PvLakehouse.Sandbox.OpenElectricity;

/// <summary><c>GET /v4/facilities/</c>: the farms, filtered by their units.</summary>
internal sealed class FacilitiesEndpoint(ISandboxData data, TimeProvider clock)
{
    private static readonly string[] Statuses = ["committed", "operating", "commissioning", "retired"];

    private static readonly string[] Fueltechs =
    [
        "battery", "battery_charging", "battery_discharging", "bioenergy_biogas", "bioenergy_biomass", "coal_black",
        "coal_brown", "distillate", "gas_ccgt", "gas_ocgt", "gas_recip", "gas_steam", "gas_wcmg", "hydro", "pumps",
        "solar_rooftop", "solar_thermal", "solar_utility", "nuclear", "other", "solar", "wind", "wind_offshore", "imports",
        "exports", "interconnector", "aggregator_vpp", "aggregator_dr",
    ];

    private static readonly string[] Groups =
    [
        "solar", "wind", "hydro", "biomass", "coal", "gas", "battery", "battery_charging", "battery_discharging",
        "distillate", "bioenergy", "pumps",
    ];

    public Reply Get(IQueryCollection query)
    {
        var errors = new ValidationErrors();
        var reader = new QueryReader(query, errors);
        var codes = reader.Texts("facility_code");
        var statuses = reader.Choices("status_id", Statuses);
        var fueltechs = reader.Choices("fueltech_id", Fueltechs);
        var groups = reader.Choices("fueltech_group_id", Groups);
        var networks = reader.Texts("network_id");
        var region = reader.Text("network_region");
        if (!errors.None)
        {
            return errors.ToReply();
        }

        SandboxFacility[] found =
        [
            .. from facility in data.Facilities
               where codes.Count == 0 || codes.Contains(facility.Code)
               where networks.Count == 0 || networks.Contains(facility.NetworkId)
               where region is null || region == facility.Region
               let units = facility.Units.Where(unit =>
                   (statuses.Count == 0 || statuses.Contains(unit.Status))
                   && (fueltechs.Count == 0 || fueltechs.Contains(unit.Fueltech))
                   && (groups.Count == 0 || groups.Contains(GroupOf(unit.Fueltech)))).ToArray()
               where units.Length > 0
               orderby facility.Name.ToUpperInvariant()
               select facility with { Units = units },
        ];
        return found.Length > 0
            ? new BufferedReply(200, Reply.Json, JsonText.Build(json => Write(json, found)))
            : throw OpenElectricityError.NotFound($"No facilities found matching filters: {Describe(query)}");
    }

    private static string GroupOf(string fueltech) =>
        Groups.FirstOrDefault(group => fueltech == group) ?? fueltech.Split('_')[0];

    private static string Describe(IQueryCollection query) => string.Join(", ", query
        .Where(parameter => parameter.Key is "facility_code" or "status_id" or "fueltech_id" or "fueltech_group_id" or "network_id" or "network_region")
        .Select(parameter => $"{parameter.Key}={JsonText.PythonList(parameter.Value.OfType<string>())}"));

    private void Write(Utf8JsonWriter json, SandboxFacility[] facilities)
    {
        json.WriteStartObject();
        json.WriteString("version", OpenElectricityError.Version);
        json.WriteString("created_at", SydneyClock.At(clock.GetUtcNow()).ToString("yyyy-MM-dd'T'HH:mm:sszzz"));
        json.WriteBoolean("success", value: true);
        json.WriteNumber("total_records", facilities.Length);
        json.WriteStartArray("data");
        foreach (var facility in facilities)
        {
            Write(json, facility);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Unknown facts are left out, as the server leaves out nulls and zeros.</summary>
    private static void Write(Utf8JsonWriter json, SandboxFacility facility)
    {
        json.WriteStartObject();
        json.WriteString("code", facility.Code);
        json.WriteString("name", facility.Name);
        json.WriteString("network_id", facility.NetworkId);
        json.WriteString("network_region", facility.Region);
        if (facility.Description is { } description)
        {
            json.WriteString("description", description);
        }

        if (facility.Location is { } location)
        {
            json.WriteStartObject("location");
            json.WriteNumber("lat", location.Latitude);
            json.WriteNumber("lng", location.Longitude);
            json.WriteEndObject();
        }

        WriteUtc(json, "created_at", facility.CreatedAt);
        WriteUtc(json, "updated_at", facility.UpdatedAt);
        json.WriteStartArray("units");
        foreach (var unit in facility.Units)
        {
            Write(json, unit, facility);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SandboxUnit unit, SandboxFacility facility)
    {
        json.WriteStartObject();
        json.WriteString("code", unit.Code);
        json.WriteString("code_display", unit.Code);
        json.WriteString("fueltech_id", unit.Fueltech);
        json.WriteString("status_id", unit.Status);
        json.WriteString("dispatch_type", unit.DispatchType);
        if (unit.CapacityRegisteredMw is > 0 and { } registered)
        {
            json.Number("capacity_registered", registered, decimals: 2);
        }

        if (unit.CapacityMaximumMw is > 0 and { } maximum)
        {
            json.Number("capacity_maximum", maximum, decimals: 4);
        }

        if (unit.DataFirstSeen is { } firstSeen)
        {
            json.WriteString("data_first_seen", firstSeen.ToOffset(facility.Clock.Offset).ToString("yyyy-MM-dd'T'HH:mm:sszzz"));
        }

        json.WriteEndObject();
    }

    private static void WriteUtc(Utf8JsonWriter json, string name, DateTimeOffset? instant)
    {
        if (instant is { } known)
        {
            json.WriteString(name, known.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));
        }
    }
}
