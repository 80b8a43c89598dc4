using System.Text.Json;
using PvLakehouse.Pipeline.Sources.Drift;
using PvLakehouse.Pipeline.Sources.Json;

namespace PvLakehouse.Pipeline.Sources.OpenElectricity;

/// <summary>Reads the body of /facilities/.</summary>
internal static class FacilitiesParser
{
    private const string OfFacility = "$.data[]";
    private const string OfUnit = "$.data[].units[]";

    private static readonly string[] UnusedOfFacility = ["npi_id", "osm_way_id", "boundary"];
    private static readonly string[] UnusedOfUnit =
    [
        "code_display", "max_generation_interval", "commencement_date_specificity", "commencement_date_display",
        "closure_date", "closure_date_specificity", "closure_date_display", "expected_operation_date",
        "expected_operation_date_specificity",
        "expected_operation_date_display", "expected_closure_date", "expected_closure_date_specificity", "expected_closure_date_display",
        "construction_start_date", "construction_start_date_specificity", "construction_start_date_display", "project_approval_date",
        "project_approval_date_specificity", "project_approval_date_display", "project_lodgement_date", "created_at", "updated_at",
    ];

    /// <param name="body">The body.</param>
    /// <param name="drift">Where departures are noted that leave the rest readable; null refuses them.</param>
    public static List<FacilityRecord> Parse(ReadOnlySpan<byte> body, BodyDrift? drift = null)
    {
        var reader = new PayloadReader(body, drift);
        List<FacilityRecord>? facilities = null;
        reader.StartObject("an answer object");
        while (reader.NextKey())
        {
            if (reader.Is("data"u8))
            {
                facilities = Facilities(ref reader);
            }
            else if (!ResponseEnvelope.TryRead(ref reader))
            {
                reader.SkipUnknown("$", ResponseEnvelope.Unused);
            }
        }

        return reader.Required(facilities, "data");
    }

    private static List<FacilityRecord> Facilities(ref PayloadReader reader)
    {
        var facilities = new List<FacilityRecord>();
        reader.StartArray("a list of facilities");
        while (reader.NextElement())
        {
            reader.Require(JsonTokenType.StartObject, "a facility object");
            facilities.Add(Facility(ref reader));
        }

        return facilities;
    }

    private static FacilityRecord Facility(ref PayloadReader reader)
    {
        string? code = null, name = null, network = null, region = null, description = null;
        string? created = null, updated = null;
        (double? Latitude, double? Longitude) location = default;
        List<FacilityUnit>? units = null;
        while (reader.NextKey())
        {
            switch (reader.Key())
            {
                case "code": code = reader.Text("a facility code"); break;
                case "name": name = reader.TextOrDrift("a facility name", $"{OfFacility}.name"); break;
                case "network_id": network = reader.Text("a network id"); break;
                case "network_region": region = reader.TextOrDrift("a region or null", $"{OfFacility}.network_region"); break;
                case "description": description = reader.TextOrDrift("a description or null", $"{OfFacility}.description"); break;
                case "created_at": created = reader.TextOrDrift("a date text or null", $"{OfFacility}.created_at"); break;
                case "updated_at": updated = reader.TextOrDrift("a date text or null", $"{OfFacility}.updated_at"); break;
                case "location": location = Location(ref reader); break;
                case "units": units = Units(ref reader); break;
                default: reader.SkipUnknown(OfFacility, UnusedOfFacility); break;
            }
        }

        if (name is null && !reader.Note($"{OfFacility}.name", DriftKind.Missing, "a facility name", "none"))
        {
            throw reader.Missing("name");
        }

        return new()
        {
            Code = reader.Required(code, "code"),
            Name = name,
            NetworkId = reader.Required(network, "network_id"),
            NetworkRegion = region,
            Latitude = location.Latitude,
            Longitude = location.Longitude,
            Description = description,
            CreatedAt = created,
            UpdatedAt = updated,
            Units = reader.Required(units, "units"),
        };
    }

    private static (double? Latitude, double? Longitude) Location(ref PayloadReader reader)
    {
        (double? Latitude, double? Longitude) location = default;
        reader.Next();
        if (reader.Token == JsonTokenType.Null)
        {
            return location;
        }

        if (reader.Token != JsonTokenType.StartObject)
        {
            reader.Retyped("a location object or null", $"{OfFacility}.location");
            return location;
        }

        while (reader.NextKey())
        {
            switch (reader.Key())
            {
                case "lat": location.Latitude = Degrees(ref reader, 90, $"{OfFacility}.location.lat"); break;
                case "lng": location.Longitude = Degrees(ref reader, 180, $"{OfFacility}.location.lng"); break;
                default: reader.SkipUnknown($"{OfFacility}.location", []); break;
            }
        }

        return location;
    }

    private static double? Degrees(ref PayloadReader reader, double limit, string path)
    {
        var degrees = reader.NumberOrDrift("degrees or null", path);
        if (degrees is null || Math.Abs(degrees.Value) <= limit)
        {
            return degrees;
        }

        reader.Retyped($"degrees from -{limit} to {limit}", path);
        return null;
    }

    private static List<FacilityUnit> Units(ref PayloadReader reader)
    {
        var units = new List<FacilityUnit>();
        reader.StartArray("a list of units");
        while (reader.NextElement())
        {
            reader.Require(JsonTokenType.StartObject, "a unit object");
            units.Add(Unit(ref reader));
        }

        return units;
    }

    private static FacilityUnit Unit(ref PayloadReader reader)
    {
        const string date = "a date text or null";
        const string megawatts = "MW or null";
        string? code = null;
        var unit = new FacilityUnit { Code = "" };
        while (reader.NextKey())
        {
            if (reader.Is("code"u8))
            {
                code = reader.Text("a unit code");
                continue;
            }

            unit = reader.Key() switch
            {
                "fueltech_id" => unit with { FuelTech = reader.TextOrDrift("a fuel technology or null", $"{OfUnit}.fueltech_id") },
                "status_id" => unit with { Status = reader.TextOrDrift("a status or null", $"{OfUnit}.status_id") },
                "dispatch_type" => unit with { DispatchType = reader.TextOrDrift("a dispatch type or null", $"{OfUnit}.dispatch_type") },
                "capacity_registered" =>
                    unit with { CapacityRegistered = reader.NumberOrDrift(megawatts, $"{OfUnit}.capacity_registered") },
                "capacity_maximum" => unit with { CapacityMaximum = reader.NumberOrDrift(megawatts, $"{OfUnit}.capacity_maximum") },
                "capacity_storage" => unit with { CapacityStorage = reader.NumberOrDrift("MWh or null", $"{OfUnit}.capacity_storage") },
                "emissions_factor_co2" =>
                    unit with { EmissionsFactor = reader.NumberOrDrift("t/MWh or null", $"{OfUnit}.emissions_factor_co2") },
                "max_generation" => unit with { MaxGeneration = reader.NumberOrDrift(megawatts, $"{OfUnit}.max_generation") },
                "data_first_seen" => unit with { DataFirstSeen = reader.TextOrDrift(date, $"{OfUnit}.data_first_seen") },
                "data_last_seen" => unit with { DataLastSeen = reader.TextOrDrift(date, $"{OfUnit}.data_last_seen") },
                "commencement_date" => unit with { CommencementDate = reader.TextOrDrift(date, $"{OfUnit}.commencement_date") },
                _ => Unchanged(unit, ref reader),
            };
        }

        return unit with { Code = reader.Required(code, "code") };
    }

    private static FacilityUnit Unchanged(FacilityUnit unit, ref PayloadReader reader)
    {
        reader.SkipUnknown(OfUnit, UnusedOfUnit);
        return unit;
    }
}
