using System.Text.Json;
using PvLakehouse.Pipeline.Sources.Drift;
using PvLakehouse.Pipeline.Sources.Json;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Sources.OpenMeteo;

/// <summary>Reads the body of an hourly answer, one block of columns per location.</summary>
internal static class HourlyParser
{
    /// <summary>Stands for a column that is none, until the number of hours is known.</summary>
    private static readonly double[] Unreadable = new double[1];

    private static readonly string[] UnusedOfUnits = ["time"];
    private static readonly string[] UnusedOfLocation =
        ["latitude", "longitude", "generationtime_ms", "timezone", "timezone_abbreviation", "elevation", "location_id"];

    /// <summary>The blocks in the order of the locations asked for.</summary>
    /// <param name="body">One object for one location, an array for several.</param>
    /// <param name="locations">Number of locations asked for.</param>
    /// <param name="variables">Variables asked for.</param>
    /// <param name="drift">Where departures are noted that leave the rest readable; null refuses them.</param>
    public static List<HourlyBlock> Parse(
        ReadOnlySpan<byte> body, int locations, IReadOnlyList<HourlyVariable> variables, BodyDrift? drift = null)
    {
        var reader = new PayloadReader(body, drift);
        var blocks = new List<HourlyBlock>(locations);
        reader.Next();
        if (reader.Token == JsonTokenType.StartArray)
        {
            while (reader.NextElement())
            {
                if (blocks.Count == locations)
                {
                    throw reader.Wrong($"the end after {locations} locations");
                }

                reader.Require(JsonTokenType.StartObject, "a location object");
                blocks.Add(Location(ref reader, variables, blocks));
            }
        }
        else
        {
            reader.Require(JsonTokenType.StartObject, "an answer object, or an array of them");
            blocks.Add(Location(ref reader, variables, blocks));
        }

        return blocks.Count == locations
            ? blocks
            : throw reader.Broken($"{locations} locations", $"{blocks.Count}");
    }

    private static HourlyBlock Location(
        ref PayloadReader reader, IReadOnlyList<HourlyVariable> variables, List<HourlyBlock> before)
    {
        var hasOffset = false;
        string?[]? units = null;
        HourlyBlock? block = null;
        while (reader.NextKey())
        {
            if (reader.Is("utc_offset_seconds"u8))
            {
                // With an offset the stamps would be wall-clock labels of the request's day, wrong across daylight
                // saving.
                hasOffset = reader.NumberOrNull("0") == 0 ? true : throw reader.Wrong("0, as timezone=GMT was asked for");
            }
            else if (reader.Is("hourly_units"u8))
            {
                units = Units(ref reader, variables);
            }
            else if (reader.Is("hourly"u8))
            {
                block = Hourly(ref reader, variables, before);
            }
            else
            {
                reader.SkipUnknown("$", UnusedOfLocation);
            }
        }

        if (!hasOffset)
        {
            throw reader.Missing("utc_offset_seconds");
        }

        Check(ref reader, variables, reader.Required(units, "hourly_units"), reader.Required(block, "hourly"));
        return block!;
    }

    private static string?[] Units(ref PayloadReader reader, IReadOnlyList<HourlyVariable> variables)
    {
        var units = new string?[variables.Count];
        reader.StartObject("an object of units");
        while (reader.NextKey())
        {
            if (IndexOf(ref reader, variables) is { } index)
            {
                units[index] = reader.TextOrDrift("a unit", UnitPath(variables[index]));
            }
            else
            {
                reader.SkipUnknown("$.hourly_units", UnusedOfUnits);
            }
        }

        return units;
    }

    private static HourlyBlock Hourly(
        ref PayloadReader reader, IReadOnlyList<HourlyVariable> variables, List<HourlyBlock> before)
    {
        (string[] Texts, UtcHour[] Stamps)? time = null;
        var columns = new double[variables.Count][];
        reader.StartObject("an object of hourly columns");
        while (reader.NextKey())
        {
            if (reader.Is("time"u8))
            {
                time = Time(ref reader, before.Count > 0 ? before[^1] : null);
            }
            else if (IndexOf(ref reader, variables) is { } index)
            {
                columns[index] = Column(ref reader, variables[index], time?.Texts.Length);
            }
            else
            {
                reader.SkipUnknown("$.hourly", []);
            }
        }

        var (texts, stamps) = time ?? throw reader.Missing("time");
        foreach (var variable in variables)
        {
            if (columns[variable.Index] is null && !reader.Note(Path(variable), DriftKind.Missing, "a list of values", "none"))
            {
                throw reader.Missing(variable.Name);
            }

            // A column that is missing or cannot be read has no value at any hour.
            if (columns[variable.Index] is null || ReferenceEquals(columns[variable.Index], Unreadable))
            {
                columns[variable.Index] = Unknown(stamps.Length);
            }

            var length = columns[variable.Index].Length;
            if (length != stamps.Length)
            {
                throw reader.Broken($"{stamps.Length} values, one for each time", $"{length}", "." + variable.Name);
            }
        }

        return new(texts, stamps, columns);
    }

    /// <summary>The variable that the current key names; servers answer in the order asked, so the search is
    /// short.</summary>
    private static int? IndexOf(ref PayloadReader reader, IReadOnlyList<HourlyVariable> variables)
    {
        foreach (var variable in variables)
        {
            if (reader.Is(variable.Name))
            {
                return variable.Index;
            }
        }

        return null;
    }

    private static (string[] Texts, UtcHour[] Stamps) Time(ref PayloadReader reader, HourlyBlock? before)
    {
        const string expected = "a full hour in UTC, like 2025-10-01T00:00";
        var texts = new List<string>(before?.Texts.Length ?? 0);
        var stamps = new List<UtcHour>(texts.Capacity);
        reader.StartArray("a list of stamps");
        while (reader.NextElement())
        {
            // All locations of an answer share their stamps: the first one's texts serve the others.
            if (texts.Count < before?.Texts.Length && reader.Token == JsonTokenType.String
                && reader.Is(before.Texts[texts.Count]))
            {
                stamps.Add(before.Stamps[texts.Count]);
                texts.Add(before.Texts[texts.Count]);
                continue;
            }

            if (!StampText.TryUtc(reader.CurrentUtf8(expected), out var stamp) || stamp.Minute != 0 || stamp.Second != 0)
            {
                throw reader.Wrong(expected);
            }

            stamps.Add(UtcHour.StartingAt(stamp));
            texts.Add(reader.CurrentTextOrNull(expected)!);
        }

        return ([.. texts], [.. stamps]);
    }

    private static double[] Column(ref PayloadReader reader, HourlyVariable variable, int? length)
    {
        reader.Next();
        if (reader.Token != JsonTokenType.StartArray)
        {
            reader.Retyped("a list of values", Path(variable));
            return Unreadable;
        }

        var path = Path(variable) + "[]";
        var values = new List<double>(length ?? 0);
        while (reader.NextElement())
        {
            values.Add(reader.CurrentNumberOrDrift("a number or null", path) ?? double.NaN);
        }

        return [.. values];
    }

    private static double[] Unknown(int hours)
    {
        var values = new double[hours];
        Array.Fill(values, double.NaN);
        return values;
    }

    private static string Path(HourlyVariable variable) => $"$.hourly.{variable.Name}";

    private static string UnitPath(HourlyVariable variable) => $"$.hourly_units.{variable.Name}";

    private static void Check(
        ref PayloadReader reader, IReadOnlyList<HourlyVariable> variables, string?[] units, HourlyBlock block)
    {
        // The server says "undefined" for a variable that its model lacks; then every value must be missing.
        foreach (var variable in variables)
        {
            var path = ".hourly_units." + variable.Name;
            var unit = units[variable.Index];
            var isAbsent = string.Equals(unit, "undefined", StringComparison.Ordinal)
                && Array.TrueForAll(block.Columns[variable.Index], double.IsNaN);
            if (isAbsent || (unit is not null && IsSameUnit(unit, variable.Unit)))
            {
                continue;
            }

            // Numbers in an unknown unit are no values: null is the truth.
            var (kind, expected, found) = unit is null
                ? (DriftKind.Missing, "a unit", "none")
                : (DriftKind.Retyped, $"the unit '{variable.Unit}'", $"'{unit}'");
            if (!reader.Note(UnitPath(variable), kind, expected, found))
            {
                throw reader.Broken(expected, found, path);
            }

            block.Columns[variable.Index] = Unknown(block.Stamps.Length);
        }
    }

    /// <summary>Unicode has two signs for micro; which one is typed does not change the unit.</summary>
    private static bool IsSameUnit(string left, string right) => string.Equals(
        left.Replace('\u00B5', '\u03BC'), right.Replace('\u00B5', '\u03BC'), StringComparison.Ordinal);
}

/// <summary>One location's columns; a missing value is NaN.</summary>
internal sealed record HourlyBlock(string[] Texts, UtcHour[] Stamps, double[][] Columns);
