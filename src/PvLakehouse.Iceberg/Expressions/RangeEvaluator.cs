using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Expressions;

/// <summary>
/// Tells whether rows may match a filter, from the ranges of their columns. "No" is certain, "yes" is not.
/// </summary>
internal static class RangeEvaluator
{
    public static bool MightMatch<TState>(
        Expression filter, TState state, Func<TState, BoundPredicate, ColumnRange> rangeOf) => filter switch
    {
        AlwaysFalse => false,
        AndExpression and => MightMatch(and.Left, state, rangeOf) && MightMatch(and.Right, state, rangeOf),
        OrExpression or => MightMatch(or.Left, state, rangeOf) || MightMatch(or.Right, state, rangeOf),
        BoundPredicate predicate => MightMatch(predicate, rangeOf(state, predicate)),
        _ => true,
    };

    /// <summary>Like the other, with an answer for each predicate.</summary>
    public static bool MightMatch<TState>(
        Expression filter, TState state, Func<TState, BoundPredicate, bool> mightMatch) => filter switch
    {
        AlwaysFalse => false,
        AndExpression and => MightMatch(and.Left, state, mightMatch) && MightMatch(and.Right, state, mightMatch),
        OrExpression or => MightMatch(or.Left, state, mightMatch) || MightMatch(or.Right, state, mightMatch),
        BoundPredicate predicate => mightMatch(state, predicate),
        _ => true,
    };

    public static bool MightMatch(BoundPredicate predicate, ColumnRange range)
    {
        switch (predicate.Kind)
        {
            case PredicateKind.IsNull:
                return range.MayBeNull;
            case PredicateKind.NotNull:
                return range.MayBeNaN || range.MayBeValue;
            case PredicateKind.IsNaN:
                return range.MayBeNaN;
            case PredicateKind.NotNaN:
                return range.MayBeValue;
        }

        if (predicate.Values.Any(v => v.IsNaN || !Comparable(v, range)))
        {
            return range.MayBeNaN || range.MayBeValue;
        }

        // Some engines place NaN above all numbers, others say that it compares with none: it counts wherever it might.
        var countsNaN = predicate.Kind is PredicateKind.GreaterThan or PredicateKind.GreaterThanOrEqual
            or PredicateKind.NotEqual or PredicateKind.NotIn;
        return (countsNaN && range.MayBeNaN) || (range.MayBeValue && ValuesMightMatch(predicate, range));
    }

    private static bool ValuesMightMatch(BoundPredicate predicate, ColumnRange range)
    {
        // A comparison with a bound that is null is false, and so rules nothing out.
        var (lower, upper) = (range.Lower, range.Upper);
        var value = predicate.Value;
        return predicate.Kind switch
        {
            PredicateKind.LessThan => !(lower >= value),
            PredicateKind.LessThanOrEqual => !(lower > value),
            PredicateKind.GreaterThan => !(upper <= value),
            PredicateKind.GreaterThanOrEqual => !(upper < value),
            PredicateKind.Equal => !(lower > value) && !(upper < value),
            PredicateKind.In => predicate.Values.Any(v => !(lower > v) && !(upper < v)),
            PredicateKind.NotEqual => !(range.Exact && lower == value && upper == value),
            PredicateKind.NotIn => !(range.Exact && lower is { } only && lower == upper && predicate.Values.Contains(only)),
            PredicateKind.StartsWith => MightStartWith(value.AsString, lower?.AsString, upper?.AsString),
            PredicateKind.NotStartsWith => !(Begins(lower, value) && Begins(upper, value)),
            _ => true,
        };
    }

    private static bool MightStartWith(string prefix, string? lower, string? upper)
    {
        var length = CodePoints.Count(prefix);
        return (lower is null || CodePoints.Compare(CodePoints.Prefix(lower, length), prefix) <= 0)
            && (upper is null || CodePoints.Compare(CodePoints.Prefix(upper, length), prefix) >= 0);
    }

    /// <summary>What lies between two strings of one prefix has that prefix too.</summary>
    private static bool Begins(Literal? bound, Literal prefix) =>
        bound is { } text && text.AsString.StartsWith(prefix.AsString, StringComparison.Ordinal);

    private static bool Comparable(Literal value, ColumnRange range) =>
        (range.Lower is not { } lower || SameKind(lower.Type, value.Type))
        && (range.Upper is not { } upper || SameKind(upper.Type, value.Type));

    private static bool SameKind(PrimitiveType left, PrimitiveType right) =>
        left.Kind == right.Kind && left.Scale == right.Scale;
}
