using System.Web;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Pipeline.Sources.Drift;
using PvLakehouse.Pipeline.Sources.Json;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Sources;

/// <summary>Turns bodies into typed rows: the clients' own way, and the way to rebuild bronze from the
/// archive.</summary>
public static class SourcePayload
{
    /// <summary>The facilities of a body of <see cref="SourceNames.Facilities"/>.</summary>
    /// <exception cref="SourceException">The body breaks the API's contract.</exception>
    public static IReadOnlyList<FacilityRecord> Facilities(PayloadRecord payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        return HasData(payload) ? Read(payload, drift => FacilitiesParser.Parse(payload.Body.Span, drift)) : [];
    }

    /// <summary>The points of a body of <see cref="SourceNames.Energy"/>, series by series.</summary>
    /// <exception cref="SourceException">The body breaks the API's contract.</exception>
    public static IEnumerable<EnergyPoint> Energy(PayloadRecord payload) => Points(Series(payload));

    /// <summary>The rows of a body of Open-Meteo, farm by farm, without the hours outside the window wanted.</summary>
    /// <exception cref="SourceException">The body breaks the API's contract.</exception>
    public static IEnumerable<HourlyRow> Hourly(PayloadRecord payload) => Rows(payload, Blocks(payload));

    internal static List<ParsedSeries> Series(PayloadRecord payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        var owners = payload.Facilities
            .SelectMany(facility => facility.SolarUnitCodes, (facility, unit) => (unit, facility.Code))
            .ToDictionary(pair => pair.unit, pair => pair.Code, StringComparer.Ordinal);
        var network = payload.Facilities[0].NetworkId;
        var interval = EnergyIntervalCode.Parse(HttpUtility.ParseQueryString(payload.Address.Query)["interval"]);
        return HasData(payload) ? Read(payload, drift => EnergyParser.Parse(payload.Body.Span, network, interval, owners, drift)) : [];
    }

    internal static IEnumerable<EnergyPoint> Points(List<ParsedSeries> all)
    {
        foreach (var (series, points) in all)
        {
            foreach (var point in points)
            {
                yield return new(series, point.IntervalStart, point.Stamp, point.Value);
            }
        }
    }

    internal static List<HourlyBlock> Blocks(PayloadRecord payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        var variables = OpenMeteoPlan.VariablesOf(payload.Source);
        return Read(payload, drift => HourlyParser.Parse(payload.Body.Span, payload.Facilities.Count, variables, drift));
    }

    internal static IEnumerable<HourlyRow> Rows(PayloadRecord payload, List<HourlyBlock> blocks)
    {
        var first = UtcHour.StartingAt(payload.From ?? DateTimeOffset.UnixEpoch);
        var last = UtcHour.StartingAt(payload.To ?? DateTimeOffset.UnixEpoch);
        for (var location = 0; location < blocks.Count; location++)
        {
            var block = blocks[location];
            for (var hour = 0; hour < block.Stamps.Length; hour++)
            {
                if (block.Stamps[hour] >= first && block.Stamps[hour] <= last)
                {
                    yield return new()
                    {
                        Facility = payload.Facilities[location],
                        Stamp = block.Stamps[hour],
                        Date = block.Texts[hour],
                        Values = Values(block.Columns, hour),
                    };
                }
            }
        }
    }

    /// <summary>False for "no data", which is an answer too (404; 416 on servers before April 2026).</summary>
    private static bool HasData(PayloadRecord payload) => payload.Status is not (404 or 416);

    private static double?[] Values(double[][] columns, int hour)
    {
        var values = new double?[columns.Length];
        for (var column = 0; column < columns.Length; column++)
        {
            var value = columns[column][hour];
            values[column] = double.IsNaN(value) ? null : value;
        }

        return values;
    }

    private static T Read<T>(PayloadRecord payload, Func<BodyDrift, T> parse)
    {
        try
        {
            var drift = new BodyDrift(payload.Source);
            var rows = parse(drift);
            drift.MoveTo(payload.Batch.Drift);
            return rows;
        }
        catch (PayloadFormatException exception)
        {
            throw new SourceException(
                SourceFault.BadPayload, payload.Source, payload.Request,
                $"the answer breaks the API's contract: {exception.Message}. Nothing of it was used.", exception);
        }
    }
}
