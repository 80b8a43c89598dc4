namespace PvLakehouse.Iceberg.Expressions;

/// <summary>A row filter by column names, independent of any engine.</summary>
/// <remarks>
/// <para>Null compares as in SQL: a comparison with null selects nothing, and neither does its negation. NaN may compare
/// either as IEEE 754 or as "greater than every number": pruning is right for both.</para>
/// <para>Filters select files, not rows: the engine must still apply them to the rows of the files that remain.</para>
/// </remarks>
public abstract record Expression
{
    private protected Expression()
    {
    }

    /// <summary>Every row.</summary>
    public static Expression True { get; } = new AlwaysTrue();

    /// <summary>No row.</summary>
    public static Expression False { get; } = new AlwaysFalse();

    /// <summary>Rows that both select.</summary>
    public static Expression And(Expression left, Expression right) => (left, right) switch
    {
        (AlwaysFalse, _) or (_, AlwaysFalse) => False,
        (AlwaysTrue, _) => right,
        (_, AlwaysTrue) => left,
        _ => new AndExpression(left, right),
    };

    /// <summary>Rows that at least one selects.</summary>
    public static Expression Or(Expression left, Expression right) => (left, right) switch
    {
        (AlwaysTrue, _) or (_, AlwaysTrue) => True,
        (AlwaysFalse, _) => right,
        (_, AlwaysFalse) => left,
        _ => new OrExpression(left, right),
    };

    /// <summary>Rows that the other rejects, except those for which it is null.</summary>
    public static Expression Not(Expression inner) => inner switch
    {
        AlwaysTrue => False,
        AlwaysFalse => True,
        NotExpression not => not.Inner,
        _ => new NotExpression(inner),
    };

    /// <summary>Rows where the column is null.</summary>
    public static Expression IsNull(string column) => new Predicate(PredicateKind.IsNull, column, []);

    /// <summary>Rows where the column is not null.</summary>
    public static Expression NotNull(string column) => new Predicate(PredicateKind.NotNull, column, []);

    /// <summary>Rows where the floating-point column is NaN.</summary>
    public static Expression IsNaN(string column) => new Predicate(PredicateKind.IsNaN, column, []);

    /// <summary>Rows where the floating-point column is a number.</summary>
    public static Expression NotNaN(string column) => new Predicate(PredicateKind.NotNaN, column, []);

    /// <summary>
    /// Rows where the column is below a value (a .NET value as for <see cref="Spec.Literal.From"/>, or a literal).
    /// </summary>
    public static Expression LessThan(string column, object value) => Compare(PredicateKind.LessThan, column, value);

    /// <summary>Rows where the column is at most a value.</summary>
    public static Expression LessThanOrEqual(string column, object value) =>
        Compare(PredicateKind.LessThanOrEqual, column, value);

    /// <summary>Rows where the column is above a value.</summary>
    public static Expression GreaterThan(string column, object value) => Compare(PredicateKind.GreaterThan, column, value);

    /// <summary>Rows where the column is at least a value.</summary>
    public static Expression GreaterThanOrEqual(string column, object value) =>
        Compare(PredicateKind.GreaterThanOrEqual, column, value);

    /// <summary>Rows where the column equals a value.</summary>
    public static Expression Equal(string column, object value) => Compare(PredicateKind.Equal, column, value);

    /// <summary>Rows where the column is not null and differs from a value.</summary>
    public static Expression NotEqual(string column, object value) => Compare(PredicateKind.NotEqual, column, value);

    /// <summary>Rows where the column equals one of some values; none selects nothing.</summary>
    public static Expression In(string column, IEnumerable<object> values) => Set(PredicateKind.In, column, values);

    /// <summary>Rows where the column is not null and differs from all of some values.</summary>
    public static Expression NotIn(string column, IEnumerable<object> values) => Set(PredicateKind.NotIn, column, values);

    /// <summary>Rows where the string column begins with a prefix.</summary>
    public static Expression StartsWith(string column, string prefix) => Compare(PredicateKind.StartsWith, column, prefix);

    /// <summary>Rows where the string column is not null and does not begin with a prefix.</summary>
    public static Expression NotStartsWith(string column, string prefix) =>
        Compare(PredicateKind.NotStartsWith, column, prefix);

    private static Predicate Compare(PredicateKind kind, string column, object value)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        ArgumentNullException.ThrowIfNull(value);
        return new Predicate(kind, column, [value]);
    }

    private static Predicate Set(PredicateKind kind, string column, IEnumerable<object> values)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        ArgumentNullException.ThrowIfNull(values);
        return new Predicate(kind, column, [.. values]);
    }
}
