using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>The rows that a commit depends on: those of a filter, or those of some partitions.</summary>
internal sealed class ConflictScope
{
    private readonly Expression? _filter;
    private readonly bool _caseSensitive;
    private readonly IReadOnlySet<(int SpecId, PartitionValues Partition)>? _partitions;

    private ConflictScope(
        Expression? filter, bool caseSensitive, IReadOnlySet<(int SpecId, PartitionValues Partition)>? partitions)
    {
        _filter = filter;
        _caseSensitive = caseSensitive;
        _partitions = partitions;
    }

    /// <summary>Rows that a filter selects; null selects all.</summary>
    public static ConflictScope Of(Expression? filter, bool caseSensitive = true) =>
        new(filter ?? Expression.True, caseSensitive, null);

    /// <summary>Rows of partitions.</summary>
    public static ConflictScope Of(IReadOnlySet<(int SpecId, PartitionValues Partition)> partitions) =>
        new(null, true, partitions);

    public override string ToString() => _filter is null
        ? $"partitions {string.Join(", ", _partitions!.Select(p => p.Partition))}"
        : $"{_filter}";

    /// <summary>Tells which files and manifests of a table may hold such rows.</summary>
    public Matcher Bind(TableMetadata table)
    {
        if (_filter is null)
        {
            return new Matcher(static _ => true, file => _partitions!.Contains((file.SpecId, file.Partition)));
        }

        var pruner = new FilePruner(table, table.Schema, _filter, _caseSensitive);
        return new Matcher(pruner.MightMatch, pruner.MightMatch);
    }

    /// <summary>A scope bound to a table.</summary>
    public sealed record Matcher(Func<ManifestFile, bool> MightHold, Func<DataFile, bool> MightMatch);
}
