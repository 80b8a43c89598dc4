using System.Globalization;

namespace PvLakehouse.Forecasting.Learners;

/// <summary>Features of some rows, row after row.</summary>
public sealed class FeatureMatrix
{
    private readonly double[] _values;

    /// <summary>Makes a matrix.</summary>
    /// <param name="names">
    /// Names of the columns, unique, of letters, digits and underscores: what every library and file format here can hold.
    /// </param>
    /// <param name="values">
    /// The values, row after row; not a number where one is missing, and otherwise within ±3.4e38, the numbers that trees compare. Length
    /// rows
    /// times columns.
    /// </param>
    /// <exception cref="ForecastingException">
    /// A name occurs twice or has another character, the values do not fill whole rows, or one is infinite or too large.
    /// </exception>
    public FeatureMatrix(IReadOnlyList<string> names, double[] values)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(values);
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ForecastingException($"The feature '{twice.Key}' occurs twice; expected unique names.");
        }

        if (names.FirstOrDefault(name => name.Length == 0
            || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')) is { } odd)
        {
            throw new ForecastingException($"A feature is named '{odd}'; expected letters, digits and underscores.");
        }

        if (names.Count == 0 || values.Length % names.Count != 0)
        {
            throw new ForecastingException($"{values.Length} values do not fill rows of {names.Count} features.");
        }

        var beyond = Array.FindIndex(values, value => Math.Abs(value) > float.MaxValue);
        if (beyond >= 0)
        {
            throw new ForecastingException(string.Create(
                CultureInfo.InvariantCulture,
                $"The feature '{names[beyond % names.Count]}' of row {(beyond / names.Count) + 1} is {values[beyond]}; ")
                + "expected a number within ±3.4e38, or not a number where it is missing.");
        }

        (Names, _values) = (names, values);
    }

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Number of columns.</summary>
    public int Columns => Names.Count;

    /// <summary>Number of rows.</summary>
    public int Rows => _values.Length / Columns;

    /// <summary>All values, row after row.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>One row. Length <see cref="Columns"/>.</summary>
    public ReadOnlySpan<double> Row(int row) => _values.AsSpan(row * Columns, Columns);
}
