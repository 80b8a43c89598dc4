using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Scan;

/// <summary>How many rows of a file match a filter, as far as its partition and metrics tell.</summary>
public enum MatchResult
{
    /// <summary>No row matches, for certain.</summary>
    None,

    /// <summary>Some rows may match; only reading them tells.</summary>
    Some,

    /// <summary>Every row matches, for certain.</summary>
    All,
}

/// <summary>
/// Tells of data files whether none, some or all of their rows match a filter, without reading them. Not safe for
/// concurrent use.
/// </summary>
/// <remarks>
/// Certain means certain in every engine: <see cref="MatchResult.All"/> is never given for a file that may hold NaN in a
/// column that is compared, because engines do not agree how NaN compares.
/// </remarks>
public sealed class FileMatcher
{
    private readonly TableMetadata _table;
    private readonly Schema _schema;
    private readonly Node _filter;
    private readonly Dictionary<int, SpecProjection> _bySpec = [];

    /// <param name="table">Gives the partition specs of the files.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="schema">The columns that it names; by default the current ones.</param>
    /// <param name="caseSensitive">Whether column names are compared with case.</param>
    /// <exception cref="ArgumentException">A column is unknown, or a value cannot be compared with it.</exception>
    public FileMatcher(TableMetadata table, Expression filter, Schema? schema = null, bool caseSensitive = true)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(filter);
        _table = table;
        _schema = schema ?? table.Schema;
        _filter = Make(filter, negated: false, _schema, caseSensitive);
    }

    /// <summary>Whether no, some or all rows of the file match.</summary>
    /// <exception cref="IcebergFormatException">The file is of a partition spec that the table does not have.</exception>
    public MatchResult Match(DataFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return _filter.Match(For(file.SpecId), file);
    }

    /// <summary>
    /// What is left of the filter for the rows of a file: predicates that hold for all its rows or for none are gone.
    /// </summary>
    /// <exception cref="IcebergFormatException">The file is of a partition spec that the table does not have.</exception>
    public Expression Residual(DataFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return _filter.Residual(For(file.SpecId), file);
    }

    /// <summary>Negations move down to the predicates, which is right also where a predicate is null.</summary>
    private static Node Make(Expression filter, bool negated, Schema schema, bool caseSensitive) => filter switch
    {
        NotExpression not => Make(not.Inner, !negated, schema, caseSensitive),
        AndExpression and => new Pair(
            Make(and.Left, negated, schema, caseSensitive), Make(and.Right, negated, schema, caseSensitive), IsAnd: !negated),
        OrExpression or => new Pair(
            Make(or.Left, negated, schema, caseSensitive), Make(or.Right, negated, schema, caseSensitive), IsAnd: negated),
        Predicate predicate => new Leaf(
            negated ? Expression.Not(predicate) : predicate,
            Normalised.Of(negated ? Expression.Not(predicate) : predicate, schema, caseSensitive),
            Normalised.Of(Violation.Of(predicate, negated), schema, caseSensitive)),
        _ => new Constant(filter is AlwaysTrue != negated),
    };

    private SpecProjection For(int specId)
    {
        if (!_bySpec.TryGetValue(specId, out var projection))
        {
            var spec = _table.FindSpec(specId) ?? throw new IcebergFormatException(
                $"A file is of partition spec {specId}, which the table does not have.");
            _bySpec[specId] = projection = new SpecProjection(spec, _schema);
        }

        return projection;
    }

    private abstract record Node
    {
        public abstract MatchResult Match(SpecProjection spec, DataFile file);

        public abstract Expression Residual(SpecProjection spec, DataFile file);
    }

    private sealed record Constant(bool Value) : Node
    {
        public override MatchResult Match(SpecProjection spec, DataFile file) => Value ? MatchResult.All : MatchResult.None;

        public override Expression Residual(SpecProjection spec, DataFile file) => Value ? Expression.True : Expression.False;
    }

    private sealed record Pair(Node Left, Node Right, bool IsAnd) : Node
    {
        public override MatchResult Match(SpecProjection spec, DataFile file)
        {
            var (left, right) = (Left.Match(spec, file), Right.Match(spec, file));
            return IsAnd == left < right ? left : right;
        }

        public override Expression Residual(SpecProjection spec, DataFile file)
        {
            var (left, right) = (Left.Residual(spec, file), Right.Residual(spec, file));
            return IsAnd ? Expression.And(left, right) : Expression.Or(left, right);
        }
    }

    /// <param name="Original">The predicate, or its negation, by column name.</param>
    /// <param name="Holds">Bound: rows for which it may be true.</param>
    /// <param name="Fails">Bound: rows for which it may be false or null.</param>
    private sealed record Leaf(Expression Original, Expression Holds, Expression Fails) : Node
    {
        public override MatchResult Match(SpecProjection spec, DataFile file) =>
            !spec.MightMatch(Holds, file) ? MatchResult.None
            : !spec.MightMatch(Fails, file) ? MatchResult.All
            : MatchResult.Some;

        public override Expression Residual(SpecProjection spec, DataFile file) => Match(spec, file) switch
        {
            MatchResult.None => Expression.False,
            MatchResult.All => Expression.True,
            _ => Original,
        };
    }

    /// <summary>Evaluates predicates on files of one spec: on their metrics and, projected, on their partition.</summary>
    private sealed class SpecProjection(PartitionSpec spec, Schema schema)
    {
        private readonly Dictionary<BoundPredicate, Expression> _projected = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<int, int> _positions = spec.Fields
            .Select((field, position) => (field.FieldId, position)).ToDictionary();

        public bool MightMatch(Expression filter, DataFile file) => RangeEvaluator.MightMatch(
            filter, (This: this, file), static (state, predicate) => state.This.MightMatch(predicate, state.file));

        private bool MightMatch(BoundPredicate predicate, DataFile file)
        {
            if (!RangeEvaluator.MightMatch(predicate, ColumnRange.Of(predicate.Field, file.Metrics)))
            {
                return false;
            }

            if (!_projected.TryGetValue(predicate, out var projected))
            {
                _projected[predicate] = projected = InclusiveProjection.Of(predicate, spec, schema);
            }

            return RangeEvaluator.MightMatch(projected, (_positions, file), static (state, p) =>
                ColumnRange.Of(state.file.Partition[state._positions[p.Field.Id]]));
        }
    }
}
