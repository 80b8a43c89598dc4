using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Scan;

/// <summary>
/// Rules out manifests and files that cannot hold a row of a filter: by partition first, then by metrics.
/// </summary>
internal sealed class FilePruner
{
    private readonly TableMetadata _table;
    private readonly Schema _schema;
    private readonly Expression _filter;
    private readonly Dictionary<int, SpecFilter> _bySpec = [];

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

    /// <summary>Whether the partition of a data or delete file may hold a row of the filter.</summary>
    public bool MightMatchPartition(DataFile file)
    {
        var spec = For(file.SpecId);
        return RangeEvaluator.MightMatch(spec.Filter, (spec, file), static (state, predicate) =>
            ColumnRange.Of(state.file.Partition[state.spec.Position(predicate)]));
    }

    public bool MightMatch(DataFile file)
    {
        return MightMatchPartition(file)
            && RangeEvaluator.MightMatch(_filter, file.Metrics, static (metrics, predicate) =>
                ColumnRange.Of(predicate.Field, metrics));
    }

    private SpecFilter For(int specId)
    {
        if (_bySpec.TryGetValue(specId, out var known))
        {
            return known;
        }

        var spec = _table.FindSpec(specId)
            ?? throw new IcebergFormatException(
                $"A manifest is of partition spec {specId}, which the table does not have.");
        var made = new SpecFilter(spec, InclusiveProjection.Of(_filter, spec, _schema));
        _bySpec[specId] = made;
        return made;
    }

    /// <summary>The filter as a filter of the partitions of one spec.</summary>
    private sealed class SpecFilter(PartitionSpec spec, Expression filter)
    {
        private readonly Dictionary<int, int> _positions = spec.Fields
            .Select((field, position) => (field.FieldId, position)).ToDictionary();

        public Expression Filter { get; } = filter;

        public int Position(BoundPredicate predicate) => _positions[predicate.Field.Id];
    }
}
