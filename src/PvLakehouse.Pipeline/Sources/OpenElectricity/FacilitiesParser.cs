using System.Text.Json;
using PvLakehouse.Pipeline.Sources.Json;

namespace PvLakehouse.Pipeline.Sources.OpenElectricity;

/// <summary>Reads the body of /facilities/.</summary>
internal static class FacilitiesParser
{
    public static List<FacilityRecord> Parse(ReadOnlySpan<byte> body)
    {
        var reader = new PayloadReader(body);
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
                reader.Skip();
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
                case "name": name = reader.Text("a facility name"); break;
                case "network_id": network = reader.Text("a network id"); break;
                case "network_region": region = reader.TextOrNull("a region or null"); break;
                case "description": description = reader.TextOrNull("a description or null"); break;
                case "created_at": created = reader.TextOrNull("a date text or null"); break;
                case "updated_at": updated = reader.TextOrNull("a date text or null"); break;
                case "location": location = Location(ref reader); break;
                case "units": units = Units(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return new()
        {
            Code = reader.Required(code, "code"),
            Name = reader.Required(name, "name"),
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

        reader.Require(JsonTokenType.StartObject, "a location object or null");
        while (reader.NextKey())
        {
            switch (reader.Key())
            {
                case "lat": location.Latitude = Degrees(ref reader, 90); break;
                case "lng": location.Longitude = Degrees(ref reader, 180); break;
                default: reader.Skip(); break;
            }
        }

        return location;
    }

    private static double? Degrees(ref PayloadReader reader, double limit)
    {
        var degrees = reader.NumberOrNull("degrees or null");
        return degrees is null || Math.Abs(degrees.Value) <= limit
            ? degrees
            : throw reader.Wrong($"degrees from -{limit} to {limit}");
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
                "fueltech_id" => unit with { FuelTech = reader.TextOrNull("a fuel technology or null") },
                "status_id" => unit with { Status = reader.TextOrNull("a status or null") },
                "dispatch_type" => unit with { DispatchType = reader.TextOrNull("a dispatch type or null") },
                "capacity_registered" => unit with { CapacityRegistered = reader.NumberOrNull(megawatts) },
                "capacity_maximum" => unit with { CapacityMaximum = reader.NumberOrNull(megawatts) },
                "capacity_storage" => unit with { CapacityStorage = reader.NumberOrNull("MWh or null") },
                "emissions_factor_co2" => unit with { EmissionsFactor = reader.NumberOrNull("t/MWh or null") },
                "max_generation" => unit with { MaxGeneration = reader.NumberOrNull(megawatts) },
                "data_first_seen" => unit with { DataFirstSeen = reader.TextOrNull(date) },
                "data_last_seen" => unit with { DataLastSeen = reader.TextOrNull(date) },
                "commencement_date" => unit with { CommencementDate = reader.TextOrNull(date) },
                _ => Unchanged(unit, ref reader),
            };
        }

        return unit with { Code = reader.Required(code, "code") };
    }

    private static FacilityUnit Unchanged(FacilityUnit unit, ref PayloadReader reader)
    {
        reader.Skip();
        return unit;
    }
}
