using System.Globalization;
using System.Text.RegularExpressions;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>How much is kept of a column's metrics.</summary>
internal enum MetricsModeKind
{
    None,
    Counts,
    Bounds,
}

/// <summary>How much is kept of a column's metrics, and how long bounds may be; null means whole.</summary>
internal readonly record struct MetricsMode(MetricsModeKind Kind, int? Length)
{
    public static MetricsMode Default { get; } = new(MetricsModeKind.Bounds, 16);
}

/// <summary>The metrics modes of a table's columns (properties <c>write.metadata.metrics.*</c>).</summary>
internal sealed partial class MetricsModes
{
    private readonly IReadOnlyDictionary<string, string> _properties;
    private readonly MetricsMode _default;
    private readonly HashSet<int> _inferred;
    private readonly HashSet<int> _sorted;
    private readonly bool _defaultIsSet;

    public MetricsModes(TableMetadata table)
    {
        _properties = table.Properties;
        _defaultIsSet = _properties.TryGetValue(TableProperties.MetricsDefault, out var text);
        _default = _defaultIsSet ? Parse(TableProperties.MetricsDefault, text!) : MetricsMode.Default;
        var limit = (int)Math.Min(int.MaxValue, TableProperties.Number(_properties, TableProperties.MetricsMaxColumns, 100));
        _inferred = [.. table.Schema.AllFields.Where(f => f.Type is PrimitiveType).Take(limit).Select(f => f.Id)];
        _sorted = [.. table.SortOrder.Fields.Select(f => f.SourceId)];
    }

    public MetricsMode Of(SchemaField field)
    {
        var key = TableProperties.MetricsColumnPrefix + field.FullName;
        if (_properties.TryGetValue(key, out var text))
        {
            return Parse(key, text);
        }

        var mode = _defaultIsSet || _inferred.Contains(field.Id) ? _default : new MetricsMode(MetricsModeKind.None, null);

        // Rows are sorted by these columns so that files can be skipped by their bounds.
        return _sorted.Contains(field.Id) && mode.Kind != MetricsModeKind.Bounds ? MetricsMode.Default : mode;
    }

    private static MetricsMode Parse(string key, string text) => text.Trim() switch
    {
        "none" => new(MetricsModeKind.None, null),
        "counts" => new(MetricsModeKind.Counts, null),
        "full" => new(MetricsModeKind.Bounds, null),
        var other when TruncatePattern().Match(other) is { Success: true } match => new(
            MetricsModeKind.Bounds, int.Parse(match.Groups["length"].ValueSpan, CultureInfo.InvariantCulture)),
        _ => throw new IcebergException(
            $"Table property '{key}' should be none, counts, truncate(16) or full but is '{text}'."),
    };

    [GeneratedRegex(@"^truncate\((?<length>[1-9]\d{0,8})\)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TruncatePattern();
}
