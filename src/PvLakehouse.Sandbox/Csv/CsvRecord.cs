using System.Globalization;

namespace PvLakehouse.Sandbox.Csv;

/// <summary>One record of a CSV file; an empty field is a missing value.</summary>
internal sealed class CsvRecord(CsvColumns columns, string[] fields, int line)
{
    /// <summary>The header.</summary>
    public CsvColumns Columns => columns;

    /// <summary>The text of a column, empty when missing.</summary>
    public string Text(string column) => fields[columns.Position(column)];

    /// <summary>The text of a column, or null when it is missing or the file has no such column.</summary>
    public string? Optional(string column) => columns.Has(column) && Text(column) is { Length: > 0 } text ? text : null;

    /// <summary>The text of a column that must be there.</summary>
    public string Required(string column) => Text(column) is { Length: > 0 } text ? text : throw Bad(column, "a value");

    /// <summary>The number of a column, or null when it is missing or the file has no such column.</summary>
    public double? Number(string column)
    {
        if (Optional(column) is not { } text)
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw Bad(column, "a number");
    }

    /// <summary>The instant of a column with an offset or Z, or null when it is missing or the file has no such column.</summary>
    public DateTimeOffset? Instant(string column)
    {
        if (Optional(column) is not { } text)
        {
            return null;
        }

        return text.Length > 10 && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 10)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            ? instant
            : throw Bad(column, "an ISO 8601 instant with an offset or Z");
    }

    /// <summary>An exception that names the file, the line, the column and what was found there.</summary>
    public CsvFormatException Bad(string column, string expected) =>
        new($"{columns.File} line {line}, column '{column}': expected {expected}, found '{Text(column)}'.");
}
