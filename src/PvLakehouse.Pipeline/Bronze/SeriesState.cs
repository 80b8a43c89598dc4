using System.Globalization;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>What a bronze table's snapshots say of what was asked and received.</summary>
/// <param name="Coverage">The days that were asked for, by farm.</param>
/// <param name="Asked">The days on which the newest days were asked for, by farm.</param>
/// <param name="ReceivedUpTo">The newest instant at which rows were received; null without rows.</param>
internal sealed record SeriesState(Coverage Coverage, Coverage Asked, DateTimeOffset? ReceivedUpTo)
{
    public IReadOnlyDictionary<string, string> Properties => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Watermark.Coverage] = Coverage.ToString(),
        [Watermark.Asked] = Asked.ToString(),
        [Watermark.ReceivedUpTo] = ReceivedUpTo?.ToString("O", CultureInfo.InvariantCulture) ?? "",
    };

    public static SeriesState Of(Table table)
    {
        string? Property(string name) => Watermark.Of(table.Metadata, table.CurrentSnapshot, name);
        return new(
            Coverage.Parse(Property(Watermark.Coverage)),
            Coverage.Parse(Property(Watermark.Asked)),
            Property(Watermark.ReceivedUpTo) is { Length: > 0 } text
                ? DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)
                : null);
    }
}
