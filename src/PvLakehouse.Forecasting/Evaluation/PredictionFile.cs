using System.Globalization;

namespace PvLakehouse.Forecasting.Evaluation;

/// <summary>Predictions of others, as CSV.</summary>
/// <remarks>
/// The columns, in any order, are <c>facility_code</c>, <c>issued_at</c>, <c>date_hour</c> and <c>predicted_energy_mwh</c>, and either all
/// or none of the quantiles <c>q10</c> to <c>q90</c> [MWh]. Instants are ISO 8601 in UTC. A field may stand in double quotes.
/// </remarks>
public static class PredictionFile
{
    private static readonly string[] Needed = ["facility_code", "issued_at", "date_hour", "predicted_energy_mwh"];

    private static readonly string[] QuantileColumns =
        [.. QuantileLevels.All.Select(level => string.Create(CultureInfo.InvariantCulture, $"q{100 * level:0}"))];

    private static readonly string[] Instants =
    [
        .. from day in (string[])["yyyy-MM-dd'T'", "yyyy-MM-dd' '"]
           from time in (string[])["HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFFF"]
           select day + time,
    ];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ForecastingException">There is no such file, or a line of it is not as expected; with file and line.</exception>
    public static async Task<IReadOnlyList<Prediction>> ReadAsync(string path, CancellationToken cancellationToken) => File.Exists(path)
        ? Parse(await File.ReadAllLinesAsync(path, cancellationToken), path)
        : throw new ForecastingException($"There is no file of predictions at {path}.");

    /// <summary>Reads lines.</summary>
    /// <param name="lines">The lines, the names of the columns first; empty ones are passed over.</param>
    /// <param name="path">Where they are from, for errors.</param>
    /// <exception cref="ForecastingException">A line is not as expected.</exception>
    public static IReadOnlyList<Prediction> Parse(IReadOnlyList<string> lines, string path)
    {
        ArgumentNullException.ThrowIfNull(lines);
        if (lines.Count == 0)
        {
            throw new ForecastingException($"{path} is empty; expected the columns {string.Join(", ", Needed)}.");
        }

        var columns = Columns(Fields(lines[0], path, 1), path);
        var lineOf = new Dictionary<(string, DateTimeOffset, DateTimeOffset), int>();
        var predictions = new List<Prediction>();
        for (var number = 2; number <= lines.Count; number++)
        {
            if (lines[number - 1].Length == 0)
            {
                continue;
            }

            var prediction = new LineReader(columns, Fields(lines[number - 1], path, number), path, number).Read();
            if (!lineOf.TryAdd((prediction.FacilityCode, prediction.IssuedAt, prediction.DateHour), number))
            {
                var first = lineOf[(prediction.FacilityCode, prediction.IssuedAt, prediction.DateHour)];
                throw new ForecastingException(
                    $"{path}:{number} predicts what line {first} does: {prediction}; "
                    + "expected one prediction of a farm, an issue and an hour.");
            }

            predictions.Add(prediction);
        }

        return predictions.Count > 0 ? predictions : throw new ForecastingException($"{path} has columns, but no prediction.");
    }

    private static Dictionary<string, int> Columns(string[] names, string path)
    {
        var allowed = Needed.Concat(QuantileColumns).ToArray();
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        // A spreadsheet may begin with the mark of its byte order.
        foreach (var (index, name) in names.Select(name => name.TrimStart('\uFEFF')).Index())
        {
            if (!allowed.Contains(name, StringComparer.Ordinal))
            {
                throw new ForecastingException(
                    $"{path}:1 has a column '{name}'; expected only {string.Join(", ", Needed)} and q10, q20 to q90.");
            }

            if (!columns.TryAdd(name, index))
            {
                throw new ForecastingException($"{path}:1 has the column '{name}' twice.");
            }
        }

        if (Needed.FirstOrDefault(name => !columns.ContainsKey(name)) is { } missing)
        {
            throw new ForecastingException($"{path}:1 has no column '{missing}'; expected {string.Join(", ", Needed)}.");
        }

        var quantiles = QuantileColumns.Where(columns.ContainsKey).ToArray();
        return quantiles.Length is 0 || quantiles.Length == QuantileColumns.Length
            ? columns
            : throw new ForecastingException(
                $"{path}:1 has the quantiles {string.Join(", ", quantiles)}; "
                + $"expected all of {string.Join(", ", QuantileColumns)}, or none.");
    }

    /// <summary>The fields of a line, without their quotes (RFC 4180, but no field goes on in the next line).</summary>
    private static string[] Fields(string line, string path, int number)
    {
        var fields = new List<string>();
        for (var at = 0; at <= line.Length; at++)
        {
            if (at == line.Length || line[at] != '"')
            {
                var end = line.IndexOf(',', at) is >= 0 and var comma ? comma : line.Length;
                fields.Add(line[at..end].Trim());
                at = end;
                continue;
            }

            var text = new System.Text.StringBuilder();
            for (at++; ; at++)
            {
                if (at >= line.Length)
                {
                    throw new ForecastingException($"{path}:{number} has a quote that does not end.");
                }

                if (line[at] == '"' && (at + 1 == line.Length || line[at + 1] != '"'))
                {
                    break;
                }

                // A quote in a quoted field is written twice.
                at += line[at] == '"' ? 1 : 0;
                text.Append(line[at]);
            }

            fields.Add(text.ToString());
            at++;
            if (at < line.Length && line[at] != ',')
            {
                throw new ForecastingException($"{path}:{number} goes on after a quote with '{line[at..]}'; expected a comma.");
            }
        }

        return [.. fields];
    }

    /// <summary>One line.</summary>
    private sealed class LineReader(Dictionary<string, int> columns, string[] fields, string path, int number)
    {
        public Prediction Read()
        {
            if (fields.Length != columns.Count)
            {
                throw new ForecastingException(
                    $"{path}:{number} has {fields.Length} fields; expected {columns.Count}, as many as columns.");
            }

            var quantiles = columns.ContainsKey(QuantileColumns[0]) ? QuantileColumns.Select(Number).ToArray() : [];
            if (quantiles.Zip(quantiles.Skip(1)).Any(pair => pair.First > pair.Second))
            {
                throw Wrong($"has the quantiles {string.Join(", ", QuantileColumns.Select(Field))}; expected none below the one before it");
            }

            return new(
                Field("facility_code"), Instant("issued_at"), Instant("date_hour"), Number("predicted_energy_mwh"), quantiles, number);
        }

        private string Field(string column) => fields[columns[column]];

        private double Number(string column) =>
            double.TryParse(Field(column), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                ? value
                : throw Wrong($"has '{Field(column)}' for {column}; expected a number [MWh], such as 12.5");

        private DateTimeOffset Instant(string column)
        {
            var text = Field(column);
            var zone = Array.Find(["Z", "+00:00", "+00"], text.EndsWith);
            return zone is not null && DateTime.TryParseExact(
                text[..^zone.Length], Instants, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
                ? new(instant)
                : throw Wrong($"has '{text}' for {column}; expected an instant of UTC, such as 2025-03-01T05:00:00Z");
        }

        private ForecastingException Wrong(string what) => new($"{path}:{number} {what}.");
    }
}

/// <summary>A prediction of others.</summary>
/// <param name="FacilityCode">The farm.</param>
/// <param name="IssuedAt">When it was issued.</param>
/// <param name="DateHour">Start of the hour that it is for.</param>
/// <param name="EnergyMwh">Energy that it says [MWh].</param>
/// <param name="Quantiles">Energy at <see cref="QuantileLevels.All"/> [MWh], ascending; empty without.</param>
/// <param name="Line">Its line in the file, from 1 on.</param>
public sealed record Prediction(
    string FacilityCode, DateTimeOffset IssuedAt, DateTimeOffset DateHour, double EnergyMwh, IReadOnlyList<double> Quantiles, int Line)
{
    /// <summary>What it is of.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{FacilityCode}, issued {IssuedAt.UtcDateTime:yyyy-MM-dd HH:mm}Z, for {DateHour.UtcDateTime:yyyy-MM-dd HH:mm}Z");
}
