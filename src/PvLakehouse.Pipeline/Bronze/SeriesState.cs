using System.Globalization;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources.Archive;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>What a bronze table's snapshots say of what was asked and received.</summary>
/// <param name="Coverage">The days that were asked for, by farm.</param>
/// <param name="Asked">The days on which the newest days were asked for, by farm.</param>
/// <param name="ReceivedUpTo">The newest instant at which rows were received; null without rows.</param>
/// <param name="Load">Name of the archive's record of the newest commit; null without commits.</param>
internal sealed record SeriesState(Coverage Coverage, Coverage Asked, DateTimeOffset? ReceivedUpTo, string? Load)
{
    public static SeriesState Empty { get; } = new(Coverage.Empty, Coverage.Empty, null, null);

    public IReadOnlyDictionary<string, string> Properties => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Watermark.Coverage] = Coverage.ToString(),
        [Watermark.Asked] = Asked.ToString(),
        [Watermark.ReceivedUpTo] = ReceivedUpTo?.ToString("O", CultureInfo.InvariantCulture) ?? "",
        [Watermark.Load] = Load ?? "",
    };

    /// <summary>Whether the same days are covered and asked for.</summary>
    public bool SaysTheSameAs(SeriesState other) =>
        Coverage.ToString() == other.Coverage.ToString() && Asked.ToString() == other.Asked.ToString();

    public static SeriesState Of(Table table)
    {
        string? Property(string name) => Watermark.Of(table.Metadata, table.CurrentSnapshot, name) is { Length: > 0 } text ? text : null;
        return new(
            Coverage.Parse(Property(Watermark.Coverage)),
            Coverage.Parse(Property(Watermark.Asked)),
            Property(Watermark.ReceivedUpTo) is { } text
                ? DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)
                : null,
            Property(Watermark.Load) ?? (table.CurrentSnapshot is null ? null : LoadRecord.Unrecorded));
    }
}
