using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Expressions;

/// <summary>
/// Turns a filter of rows into one of partitions: a row that matches lies in a partition that matches.
/// </summary>
internal sealed class InclusiveProjection
{
    private readonly PartitionSpec _spec;
    private readonly StructType _partitionType;

    private InclusiveProjection(PartitionSpec spec, Schema schema)
    {
        _spec = spec;
        _partitionType = spec.PartitionType(schema);
    }

    /// <param name="rowFilter">A normalised filter.</param>
    /// <param name="spec">The spec of the partitions.</param>
    /// <param name="schema">The schema that the filter is bound to.</param>
    public static Expression Of(Expression rowFilter, PartitionSpec spec, Schema schema) =>
        new InclusiveProjection(spec, schema).Project(rowFilter);

    private Expression Project(Expression filter) => filter switch
    {
        AndExpression and => Expression.And(Project(and.Left), Project(and.Right)),
        OrExpression or => Expression.Or(Project(or.Left), Project(or.Right)),
        BoundPredicate predicate => Project(predicate),
        _ => filter,
    };

    private Expression Project(BoundPredicate predicate)
    {
        // All partition fields of the column must match; those that cannot tell say "true".
        var result = Expression.True;
        for (var i = 0; i < _spec.Fields.Count; i++)
        {
            if (_spec.Fields[i].SourceId == predicate.Field.Id && _spec.Fields[i].Transform.CanApplyTo(predicate.Type))
            {
                result = Expression.And(result, Project(predicate, _spec.Fields[i].Transform, i));
            }
        }

        return result;
    }

    private Expression Project(BoundPredicate predicate, Transform transform, int position)
    {
        var nested = _partitionType.Fields[position];
        var field = new SchemaField(nested, nested.Name, null, Repeated: false, OptionalAncestor: false);
        if (transform.Kind is TransformKind.Void or TransformKind.Unknown)
        {
            return Expression.True;
        }

        switch (predicate.Kind)
        {
            case PredicateKind.IsNull or PredicateKind.NotNull:
                return new BoundPredicate(predicate.Kind, field, []);
            case PredicateKind.IsNaN or PredicateKind.NotNaN:
                return transform.Kind == TransformKind.Identity ? new BoundPredicate(predicate.Kind, field, []) : Expression.True;
            case PredicateKind.Equal or PredicateKind.In:
                return Equal(transform, field, predicate.Values);
            case PredicateKind.NotEqual or PredicateKind.NotIn or PredicateKind.NotStartsWith:
                // A partition of many values always has others, unless it is the value itself.
                return transform.Kind == TransformKind.Identity
                    ? new BoundPredicate(predicate.Kind, field, predicate.Values)
                    : Expression.True;
            case PredicateKind.StartsWith:
                return StartsWith(predicate, transform, field);
            default:
                return Range(predicate, transform, field);
        }
    }

    private static Expression StartsWith(BoundPredicate predicate, Transform transform, SchemaField field)
    {
        var prefix = predicate.Value.AsString;
        return transform.Kind switch
        {
            TransformKind.Identity => new BoundPredicate(PredicateKind.StartsWith, field, [predicate.Value]),
            TransformKind.Truncate when CodePoints.Count(prefix) < transform.Parameter =>
                new BoundPredicate(PredicateKind.StartsWith, field, [predicate.Value]),
            TransformKind.Truncate => new BoundPredicate(PredicateKind.Equal, field, [Apply(transform, predicate.Value)]),
            _ => Expression.True,
        };
    }

    private static Expression Range(BoundPredicate predicate, Transform transform, SchemaField field)
    {
        if (!transform.PreservesOrder)
        {
            return Expression.True;
        }

        if (transform.Kind == TransformKind.Identity)
        {
            return new BoundPredicate(predicate.Kind, field, predicate.Values);
        }

        // "Below v" is "at most the value before v" where values are whole, which keeps a boundary's own partition out.
        // Elsewhere rows just below a boundary may share its partition, so the strict comparison becomes a loose one.
        var (kind, value) = (predicate.Kind, predicate.Value) switch
        {
            (PredicateKind.LessThan, var v) => (PredicateKind.LessThanOrEqual, Neighbour(v, -1)),
            (PredicateKind.GreaterThan, var v) => (PredicateKind.GreaterThanOrEqual, Neighbour(v, 1)),
            (var same, var v) => (same, v),
        };
        var bound = Apply(transform, value);
        return new BoundPredicate(
            kind, field, [kind == PredicateKind.LessThanOrEqual && IsOldNegative(transform, bound) ? Neighbour(bound, 1) : bound]);
    }

    private static BoundPredicate Equal(Transform transform, SchemaField field, IEnumerable<Literal> operands)
    {
        var values = operands.Select(v => Apply(transform, v)).ToHashSet();
        foreach (var value in values.Where(v => IsOldNegative(transform, v)).ToList())
        {
            values.Add(Neighbour(value, 1));
        }

        return new BoundPredicate(values.Count == 1 ? PredicateKind.Equal : PredicateKind.In, field, [.. values.Order()]);
    }

    /// <summary>
    /// Early writers rounded times before 1970 up instead of down, so their partitions may be one too high.
    /// </summary>
    private static bool IsOldNegative(Transform transform, Literal value) => transform.IsTime && value.AsLong < 0;

    /// <summary>The next whole value, or the value itself where there is none.</summary>
    private static Literal Neighbour(Literal value, int step)
    {
        var type = value.Type;
        if (!(type.Kind is TypeKind.Int or TypeKind.Long or TypeKind.Date || type.IsTimestamp))
        {
            return value;
        }

        var (lowest, highest) = type.Kind is TypeKind.Int or TypeKind.Date
            ? (int.MinValue, (long)int.MaxValue)
            : (long.MinValue, long.MaxValue);
        return value.AsLong == (step < 0 ? lowest : highest) ? value : Literal.Whole(type, value.AsLong + step);
    }

    private static Literal Apply(Transform transform, Literal value) => transform.Apply(value)
        ?? throw new InvalidOperationException($"{transform} gave no value for {value}.");
}
