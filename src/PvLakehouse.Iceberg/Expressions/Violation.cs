namespace PvLakehouse.Iceberg.Expressions;

/// <summary>
/// Turns a predicate into the filter of the rows for which it is not true. When a file cannot hold such a row, all its
/// rows match: so the strict evaluation of a predicate is the inclusive one of its violation.
/// </summary>
internal static class Violation
{
    /// <param name="predicate">A predicate by column name.</param>
    /// <param name="negated">Whether the filter is the negation of the predicate.</param>
    public static Expression Of(Predicate predicate, bool negated)
    {
        var isFalse = negated ? predicate : Normalised.Opposite(predicate);
        if (predicate.Kind is PredicateKind.IsNull or PredicateKind.NotNull)
        {
            return isFalse;
        }

        // Null makes every other predicate and its negation null. NaN violates both, as engines do not agree about it.
        var unknown = Expression.IsNull(predicate.Column);
        return predicate.Kind is PredicateKind.IsNaN or PredicateKind.NotNaN
            ? Expression.Or(unknown, isFalse)
            : Expression.Or(unknown, Expression.Or(isFalse, Expression.IsNaN(predicate.Column)));
    }
}
