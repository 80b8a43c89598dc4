using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Expressions;

/// <summary>The one form that evaluators know: without NOT, columns by id, operands of the column's type.</summary>
internal static class Normalised
{
    /// <exception cref="ArgumentException">A column is unknown, or a value cannot be compared with it.</exception>
    public static Expression Of(Expression filter, Schema schema, bool caseSensitive) =>
        Bind(WithoutNot(filter, negate: false), schema, caseSensitive);

    private static Expression WithoutNot(Expression filter, bool negate) => filter switch
    {
        AlwaysTrue or AlwaysFalse => negate ? Expression.Not(filter) : filter,
        NotExpression not => WithoutNot(not.Inner, !negate),
        AndExpression and => negate
            ? Expression.Or(WithoutNot(and.Left, negate: true), WithoutNot(and.Right, negate: true))
            : Expression.And(WithoutNot(and.Left, negate: false), WithoutNot(and.Right, negate: false)),
        OrExpression or => negate
            ? Expression.And(WithoutNot(or.Left, negate: true), WithoutNot(or.Right, negate: true))
            : Expression.Or(WithoutNot(or.Left, negate: false), WithoutNot(or.Right, negate: false)),
        Predicate predicate => negate ? Negated(predicate) : predicate,
        _ => throw new ArgumentException($"'{filter}' is no filter by column names.", nameof(filter)),
    };

    /// <summary>
    /// Where NaN compares with nothing, "not above 2" selects it though "at most 2" does not, so both are asked for. Columns
    /// that have no NaN drop that half when they are bound.
    /// </summary>
    private static Expression Negated(Predicate predicate)
    {
        var opposite = Opposite(predicate);
        return predicate.Kind is PredicateKind.GreaterThan or PredicateKind.GreaterThanOrEqual
            ? Expression.Or(opposite, predicate with { Kind = PredicateKind.IsNaN, Values = [] })
            : opposite;
    }

    /// <summary>The predicate that is true where this one is false; both are null where the column is.</summary>
    public static Predicate Opposite(Predicate predicate) => predicate with { Kind = Opposite(predicate.Kind) };

    private static PredicateKind Opposite(PredicateKind kind) => kind switch
    {
        PredicateKind.IsNull => PredicateKind.NotNull,
        PredicateKind.NotNull => PredicateKind.IsNull,
        PredicateKind.IsNaN => PredicateKind.NotNaN,
        PredicateKind.NotNaN => PredicateKind.IsNaN,
        PredicateKind.LessThan => PredicateKind.GreaterThanOrEqual,
        PredicateKind.LessThanOrEqual => PredicateKind.GreaterThan,
        PredicateKind.GreaterThan => PredicateKind.LessThanOrEqual,
        PredicateKind.GreaterThanOrEqual => PredicateKind.LessThan,
        PredicateKind.Equal => PredicateKind.NotEqual,
        PredicateKind.NotEqual => PredicateKind.Equal,
        PredicateKind.In => PredicateKind.NotIn,
        PredicateKind.NotIn => PredicateKind.In,
        PredicateKind.StartsWith => PredicateKind.NotStartsWith,
        _ => PredicateKind.StartsWith,
    };

    private static Expression Bind(Expression filter, Schema schema, bool caseSensitive) => filter switch
    {
        AndExpression and => Expression.And(Bind(and.Left, schema, caseSensitive), Bind(and.Right, schema, caseSensitive)),
        OrExpression or => Expression.Or(Bind(or.Left, schema, caseSensitive), Bind(or.Right, schema, caseSensitive)),
        Predicate predicate => Bind(predicate, schema, caseSensitive),
        _ => filter,
    };

    private static Expression Bind(Predicate predicate, Schema schema, bool caseSensitive)
    {
        var field = schema.Find(predicate.Column, caseSensitive) ?? throw new ArgumentException(
            $"There is no column '{predicate.Column}'; there are {string.Join(", ", schema.Columns.Select(c => c.Name))}.",
            nameof(predicate));
        if (predicate.Kind is PredicateKind.IsNull or PredicateKind.NotNull && field.Type is not PrimitiveType && !field.Repeated)
        {
            // Metrics say nothing about whole structs, lists and maps.
            return Expression.True;
        }

        if (field.Type is not PrimitiveType type || field.Repeated)
        {
            throw new ArgumentException(
                $"Column '{field.FullName}' of type {field.Type} cannot be filtered by.", nameof(predicate));
        }

        return predicate.Kind switch
        {
            PredicateKind.IsNull when field.Field.Required && !field.OptionalAncestor => Expression.False,
            PredicateKind.NotNull when field.Field.Required && !field.OptionalAncestor => Expression.True,
            PredicateKind.IsNull or PredicateKind.NotNull => new BoundPredicate(predicate.Kind, field, []),
            PredicateKind.IsNaN or PredicateKind.NotNaN when type.IsFloating => new BoundPredicate(predicate.Kind, field, []),
            PredicateKind.IsNaN => Expression.False,
            PredicateKind.NotNaN => new BoundPredicate(PredicateKind.NotNull, field, []),
            PredicateKind.StartsWith or PredicateKind.NotStartsWith when type.Kind != TypeKind.String =>
                throw new ArgumentException(
                    $"Column '{field.FullName}' of type {type} has no prefixes.", nameof(predicate)),
            PredicateKind.In or PredicateKind.NotIn => BindSet(predicate, field, type),
            _ => BindComparison(predicate, field, type),
        };
    }

    private static Expression BindSet(Predicate predicate, SchemaField field, PrimitiveType type)
    {
        // A value that the column cannot hold is in no row, so it drops out of the set.
        var values = predicate.Values
            .Select(v => Operand(v, field, type))
            .Where(o => o.Beyond == 0)
            .Select(o => o.Value)
            .Distinct().Order().ToList();
        var isIn = predicate.Kind == PredicateKind.In;
        return values.Count switch
        {
            0 => isIn ? Expression.False : new BoundPredicate(PredicateKind.NotNull, field, []),
            1 => new BoundPredicate(isIn ? PredicateKind.Equal : PredicateKind.NotEqual, field, values),
            _ => new BoundPredicate(predicate.Kind, field, values),
        };
    }

    private static Expression BindComparison(Predicate predicate, SchemaField field, PrimitiveType type)
    {
        var (value, beyond) = Operand(predicate.Values[0], field, type);
        if (beyond == 0)
        {
            return new BoundPredicate(predicate.Kind, field, [value]);
        }

        // Every value of the column lies on one side of the operand.
        var holds = predicate.Kind switch
        {
            PredicateKind.LessThan or PredicateKind.LessThanOrEqual => beyond > 0,
            PredicateKind.GreaterThan or PredicateKind.GreaterThanOrEqual => beyond < 0,
            _ => predicate.Kind == PredicateKind.NotEqual,
        };
        return holds ? new BoundPredicate(PredicateKind.NotNull, field, []) : Expression.False;
    }

    /// <summary>The operand as a value of the column, or on which side of all its values it lies.</summary>
    private static (Literal Value, int Beyond) Operand(object value, SchemaField field, PrimitiveType type)
    {
        if (type.Kind == TypeKind.Int && Whole(value) is { } number && number is < int.MinValue or > int.MaxValue)
        {
            return (default, Whole(value) > int.MaxValue ? 1 : -1);
        }

        if (value is Literal literal)
        {
            return literal.TryConvertTo(type, out var converted) ? (converted, 0) : throw new ArgumentException(
                $"Column '{field.FullName}' of type {type} cannot be compared with the {literal.Type} "
                + $"{literal}.", nameof(value));
        }

        try
        {
            return (Literal.From(type, value), 0);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"Column '{field.FullName}' cannot be compared: {e.Message}", nameof(value), e);
        }
    }

    private static long? Whole(object value) => value switch
    {
        long number => number,
        uint number => number,
        Literal { Type.Kind: TypeKind.Long } literal => literal.AsLong,
        _ => null,
    };
}
