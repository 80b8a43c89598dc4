using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Expressions;

/// <summary>What a predicate asks of a column.</summary>
internal enum PredicateKind
{
    IsNull,
    NotNull,
    IsNaN,
    NotNaN,
    LessThan,
    LessThanOrEqual,
    GreaterThan,
    GreaterThanOrEqual,
    Equal,
    NotEqual,
    In,
    NotIn,
    StartsWith,
    NotStartsWith,
}

internal sealed record AlwaysTrue : Expression
{
    public override string ToString() => "true";
}

internal sealed record AlwaysFalse : Expression
{
    public override string ToString() => "false";
}

internal sealed record AndExpression(Expression Left, Expression Right) : Expression
{
    public override string ToString() => $"({Left} and {Right})";
}

internal sealed record OrExpression(Expression Left, Expression Right) : Expression
{
    public override string ToString() => $"({Left} or {Right})";
}

internal sealed record NotExpression(Expression Inner) : Expression
{
    public override string ToString() => $"not {Inner}";
}

/// <summary>A predicate that knows its column by name and its operands as .NET values.</summary>
internal sealed record Predicate(PredicateKind Kind, string Column, IReadOnlyList<object> Values) : Expression
{
    public override string ToString() => $"{Column} {Kind} [{string.Join(", ", Values)}]";
}

/// <summary>A predicate that knows its column by id and its operands as literals of the column's type.</summary>
internal sealed record BoundPredicate(PredicateKind Kind, SchemaField Field, IReadOnlyList<Literal> Values) : Expression
{
    public PrimitiveType Type => (PrimitiveType)Field.Type;

    public Literal Value => Values[0];

    public override string ToString() => $"{Field.FullName} {Kind} [{string.Join(", ", Values)}]";
}
