using System.Text.Json;
using PvLakehouse.Pipeline.Sources.Drift;
using PvLakehouse.Pipeline.Sources.Json;

namespace PvLakehouse.Pipeline.Sources.OpenElectricity;

/// <summary>Reads the body of /data/facilities/{network} into whole series.</summary>
internal static class EnergyParser
{
    private const string Metric = "energy";
    private const string Unit = "MWh";

    // Start and end stood for date_start and date_end until 2025.
    private static readonly string[] UnusedOfMetric = ["date_start", "date_end", "start", "end", "groupings", "network_timezone_offset"];
    private static readonly string[] UnusedOfSeries = ["name", "date_start", "date_end", "start", "end"];

    /// <summary>Every series of a known unit, in the order sent; series of other units (a hybrid's wind, battery) are
    /// left out.</summary>
    /// <param name="body">The body.</param>
    /// <param name="network">Network asked for.</param>
    /// <param name="interval">Interval asked for.</param>
    /// <param name="owners">Facility code by solar unit code.</param>
    /// <param name="drift">Where departures are noted that leave the rest readable; null refuses them.</param>
    public static List<ParsedSeries> Parse(
        ReadOnlySpan<byte> body, string network, EnergyInterval interval, IReadOnlyDictionary<string, string> owners,
        BodyDrift? drift = null)
    {
        var reader = new PayloadReader(body, drift);
        var expected = new EnergyMeasure(Metric, EnergyIntervalCode.Of(interval), Unit);
        List<ParsedSeries>? series = null;
        reader.StartObject("an answer object");
        while (reader.NextKey())
        {
            if (reader.Is("data"u8))
            {
                series = [];
                reader.StartArray("a list of metrics");
                while (reader.NextElement())
                {
                    reader.Require(JsonTokenType.StartObject, "a metric object");
                    ReadMetric(ref reader, network, expected, owners, series);
                }
            }
            else if (!ResponseEnvelope.TryRead(ref reader))
            {
                reader.SkipUnknown("$", ResponseEnvelope.Unused);
            }
        }

        return reader.Required(series, "data");
    }

    private static void ReadMetric(
        ref PayloadReader reader, string network, EnergyMeasure expected,
        IReadOnlyDictionary<string, string> owners, List<ParsedSeries> series)
    {
        bool hasNetwork = false, hasMetric = false, hasInterval = false, hasUnit = false;
        List<(string UnitCode, List<ParsedPoint> Points)>? results = null;
        while (reader.NextKey())
        {
            switch (reader.Key())
            {
                case "network_code": hasNetwork = Same(ref reader, network); break;
                case "metric": hasMetric = Same(ref reader, expected.Metric); break;
                case "interval": hasInterval = Same(ref reader, expected.Interval); break;
                case "unit": hasUnit = Same(ref reader, expected.Unit); break;
                case "results": results = Results(ref reader, owners); break;
                default: reader.SkipUnknown("$.data[]", UnusedOfMetric); break;
            }
        }

        if (!hasNetwork && !reader.Note("$.data[].network_code", DriftKind.Missing, $"'{network}', the network asked for", "none"))
        {
            throw reader.Missing("network_code");
        }

        Require(ref reader, hasMetric, "metric");
        Require(ref reader, hasInterval, "interval");
        Require(ref reader, hasUnit, "unit");
        foreach (var (unitCode, points) in reader.Required(results, "results"))
        {
            series.Add(new(new(network, owners[unitCode], unitCode, expected), points));
        }
    }

    private static bool Same(ref PayloadReader reader, string expected)
    {
        reader.Text($"'{expected}'");
        return reader.Is(expected) ? true : throw reader.Wrong($"'{expected}'");
    }

    private static void Require(ref PayloadReader reader, bool seen, string key)
    {
        if (!seen)
        {
            throw reader.Missing(key);
        }
    }

    private static List<(string UnitCode, List<ParsedPoint> Points)> Results(
        ref PayloadReader reader, IReadOnlyDictionary<string, string> owners)
    {
        var results = new List<(string UnitCode, List<ParsedPoint> Points)>();

        // Series of one answer mostly share their stamps: the texts and instants of the one before are reused.
        List<ParsedPoint> before = [];
        reader.StartArray("a list of series");
        while (reader.NextElement())
        {
            reader.Require(JsonTokenType.StartObject, "a series object");
            string? unit = null;
            List<ParsedPoint>? points = null;
            while (reader.NextKey())
            {
                if (reader.Is("columns"u8))
                {
                    unit = UnitCode(ref reader);
                }
                else if (reader.Is("data"u8))
                {
                    points = Points(ref reader, before);
                }
                else
                {
                    reader.SkipUnknown("$.data[].results[]", UnusedOfSeries);
                }
            }

            before = reader.Required(points, "data");
            if (owners.ContainsKey(reader.Required(unit, "columns")))
            {
                results.Add((unit!, points!));
            }
        }

        return results;
    }

    private static string UnitCode(ref PayloadReader reader)
    {
        string? unit = null;
        reader.StartObject("a columns object");
        while (reader.NextKey())
        {
            if (reader.Is("unit_code"u8))
            {
                unit = reader.Text("a unit code");
            }
            else
            {
                reader.SkipUnknown("$.data[].results[].columns", []);
            }
        }

        return reader.Required(unit, "unit_code");
    }

    private static List<ParsedPoint> Points(ref PayloadReader reader, List<ParsedPoint> before)
    {
        var points = new List<ParsedPoint>(before.Count);
        reader.StartArray("a list of points");
        while (reader.NextElement())
        {
            reader.Require(JsonTokenType.StartArray, "a point [stamp, value]");
            reader.Next();
            var (text, stamp) = points.Count < before.Count && reader.Token == JsonTokenType.String
                && reader.Is(before[points.Count].IntervalStart)
                    ? (before[points.Count].IntervalStart, before[points.Count].Stamp)
                    : Stamp(ref reader);
            points.Add(new(text, stamp, reader.NumberOrDrift("a number or null", "$.data[].results[].data[][1]")));
            if (reader.NextElement())
            {
                throw reader.Wrong("the end of a point [stamp, value]");
            }
        }

        return points;
    }

    private static (string Text, DateTimeOffset Stamp) Stamp(ref PayloadReader reader)
    {
        const string expected = "a stamp with its offset, like 2025-10-01T00:00:00+10:00";
        return StampText.TryInstant(reader.CurrentUtf8(expected), out var stamp)
            ? (reader.CurrentTextOrNull(expected)!, stamp)
            : throw reader.Wrong(expected);
    }
}

/// <summary>One unit's series of an answer.</summary>
internal sealed record ParsedSeries(EnergySeries Series, List<ParsedPoint> Points);

/// <summary>One point of a series.</summary>
internal readonly record struct ParsedPoint(string IntervalStart, DateTimeOffset Stamp, double? Value);
