using System.Collections.Concurrent;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Scan;

/// <summary>
/// Rules out manifests and files that cannot hold a row of a filter: by partition first, then by metrics. Safe for
/// concurrent use.
/// </summary>
internal sealed class FilePruner
{
    private readonly TableMetadata _table;
    private readonly Schema _schema;
    private readonly Expression _filter;
    private readonly ConcurrentDictionary<int, SpecFilter> _bySpec = [];

    /// <exception cref="ArgumentException">
    /// A column of the filter is unknown, or a value cannot be compared with it.
    /// </exception>
    public FilePruner(TableMetadata table, Schema schema, Expression filter, bool caseSensitive)
    {
        _table = table;
        _schema = schema;
        _filter = Normalised.Of(filter, schema, caseSensitive);
    }

    public bool MightMatch(ManifestFile manifest)
    {
        var spec = For(manifest.SpecId);
        return manifest.Partitions is not { } summaries
            || RangeEvaluator.MightMatch(spec.Filter, (spec, summaries), static (state, predicate) =>
                state.spec.Position(predicate) is var position && position < state.summaries.Count
                    ? ColumnRange.Of(predicate.Type, state.summaries[position])
                    : ColumnRange.Unknown);
    }

    /// <summary>Whether the partition of an entry may hold a row of the filter.</summary>
    public bool MightMatchPartition(EntryCursor entry, int specId) =>
        For(specId) is var spec && (spec.Filter is AlwaysTrue || MightMatch(spec, entry.Partition));

    /// <summary>Whether partition and metrics of an entry allow a row of the filter.</summary>
    public bool MightMatch(EntryCursor entry, int specId) =>
        MightMatchPartition(entry, specId)
        && RangeEvaluator.MightMatch(_filter, entry, static (e, predicate) => e.Range(predicate.Field));

    /// <summary>Whether partition and metrics of a file allow a row of the filter.</summary>
    public bool MightMatch(DataFile file) =>
        MightMatch(For(file.SpecId), file.Partition)
        && RangeEvaluator.MightMatch(_filter, file.Metrics, static (metrics, predicate) =>
            ColumnRange.Of(predicate.Field, metrics));

    private static bool MightMatch(SpecFilter spec, PartitionValues partition) =>
        RangeEvaluator.MightMatch(spec.Filter, (spec, partition), static (state, predicate) =>
            ColumnRange.Of(state.partition[state.spec.Position(predicate)]));

    private SpecFilter For(int specId) => _bySpec.GetOrAdd(
        specId,
        static (id, me) =>
        {
            var spec = me._table.FindSpec(id) ?? throw new IcebergFormatException(
                $"A manifest is of partition spec {id}, which the table does not have.");
            return new SpecFilter(spec, InclusiveProjection.Of(me._filter, spec, me._schema));
        },
        this);

    /// <summary>The filter as a filter of the partitions of one spec.</summary>
    private sealed class SpecFilter(PartitionSpec spec, Expression filter)
    {
        private readonly Dictionary<int, int> _positions = spec.Fields
            .Select((field, position) => (field.FieldId, position)).ToDictionary();

        public Expression Filter { get; } = filter;

        public int Position(BoundPredicate predicate) => _positions[predicate.Field.Id];
    }
}
