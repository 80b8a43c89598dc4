using System.Text.Json;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>Turns a condition of a statement into a filter on one table that selects at least the rows for which it can be true.</summary>
/// <remarks>What is not understood selects every row, which is always right: AND and OR keep that, and NOT is not looked into.</remarks>
internal sealed class FilterTranslator(FromScope scope, IReadOnlyDictionary<string, object?> parameters)
{
    public Expression Translate(JsonElement condition, FromItem item)
    {
        if (!item.Prunable || condition.ValueKind != JsonValueKind.Object)
        {
            return Expression.True;
        }

        var type = condition.GetProperty("type").GetString();
        return condition.GetProperty("class").GetString() switch
        {
            "CONJUNCTION" => Conjunction(condition, item, type),
            "COMPARISON" => Comparison(condition, item, type),
            "BETWEEN" => Between(condition, item),
            "OPERATOR" => Operator(condition, item, type),
            "FUNCTION" => Like(condition, item),
            _ => Expression.True,
        };
    }

    /// <summary>The condition as a filter that selects just the rows for which it is true; null when no filter says that.</summary>
    public Expression? Exact(JsonElement condition, FromItem item)
    {
        if (!item.Prunable || condition.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var kind = condition.GetProperty("class").GetString();
        if (kind is "CONJUNCTION")
        {
            List<Expression?> children = [.. condition.GetProperty("children").EnumerateArray().Select(c => Exact(c, item))];
            return children.Contains(null) ? null : condition.GetProperty("type").GetString() switch
            {
                "CONJUNCTION_AND" => children.Aggregate((a, b) => Expression.And(a!, b!)),
                "CONJUNCTION_OR" => children.Aggregate((a, b) => Expression.Or(a!, b!)),
                _ => null,
            };
        }

        // What is not understood selects every row, which these never do when they are understood.
        var filter = kind is "COMPARISON" or "BETWEEN" or "OPERATOR" ? Translate(condition, item) : Expression.True;
        var whole = filter != Expression.True && (kind is not "BETWEEN" || (Understood("lower") && Understood("upper")));
        return whole ? filter : null;

        bool Understood(string end) => Column(condition.GetProperty("input"), item) is { } column && Constant(column, condition.GetProperty(end)) is not null;
    }

    private Expression Conjunction(JsonElement condition, FromItem item, string? type)
    {
        var children = condition.GetProperty("children").EnumerateArray().Select(c => Translate(c, item));
        return type switch
        {
            "CONJUNCTION_AND" => children.Aggregate(Expression.And),
            "CONJUNCTION_OR" => children.Aggregate(Expression.Or),
            _ => Expression.True,
        };
    }

    private Expression Comparison(JsonElement condition, FromItem item, string? type)
    {
        var (left, right) = (condition.GetProperty("left"), condition.GetProperty("right"));
        if (Column(left, item) is { } column)
        {
            return Compare(column, type, right);
        }

        return Column(right, item) is { } mirrored
            ? Compare(mirrored, type switch
            {
                "COMPARE_LESSTHAN" => "COMPARE_GREATERTHAN",
                "COMPARE_LESSTHANOREQUALTO" => "COMPARE_GREATERTHANOREQUALTO",
                "COMPARE_GREATERTHAN" => "COMPARE_LESSTHAN",
                "COMPARE_GREATERTHANOREQUALTO" => "COMPARE_LESSTHANOREQUALTO",
                _ => type,
            }, left)
            : Expression.True;
    }

    private Expression Compare(NestedField column, string? type, JsonElement operand) =>
        Constant(column, operand) is not { } value ? Expression.True : type switch
        {
            "COMPARE_EQUAL" or "COMPARE_NOT_DISTINCT_FROM" => Expression.Equal(column.Name, value),
            "COMPARE_LESSTHAN" => Expression.LessThan(column.Name, value),
            "COMPARE_LESSTHANOREQUALTO" => Expression.LessThanOrEqual(column.Name, value),
            "COMPARE_GREATERTHAN" => Expression.GreaterThan(column.Name, value),
            "COMPARE_GREATERTHANOREQUALTO" => Expression.GreaterThanOrEqual(column.Name, value),
            _ => Expression.True,
        };

    private Expression Between(JsonElement condition, FromItem item) => Column(condition.GetProperty("input"), item) is { } column
        ? Expression.And(
            Compare(column, "COMPARE_GREATERTHANOREQUALTO", condition.GetProperty("lower")),
            Compare(column, "COMPARE_LESSTHANOREQUALTO", condition.GetProperty("upper")))
        : Expression.True;

    private Expression Operator(JsonElement condition, FromItem item, string? type)
    {
        var children = condition.GetProperty("children");
        if (children.GetArrayLength() == 0 || Column(children[0], item) is not { } column)
        {
            return Expression.True;
        }

        switch (type)
        {
            case "OPERATOR_IS_NOT_NULL":
                return Expression.NotNull(column.Name);
            case "OPERATOR_IS_NULL" when scope.OnlyInnerJoins:
                return Expression.IsNull(column.Name);
            case "COMPARE_IN":
                var values = children.EnumerateArray().Skip(1).Select(c => Constant(column, c)).ToList();
                return values.TrueForAll(v => v is not null)
                    ? Expression.In(column.Name, values.Select(v => (object)v!.Value))
                    : Expression.True;
            default:
                return Expression.True;
        }
    }

    /// <summary><c>column LIKE 'prefix%'</c>.</summary>
    private Expression Like(JsonElement condition, FromItem item)
    {
        var children = condition.GetProperty("children");
        if (condition.GetProperty("function_name").GetString() is not "~~" || children.GetArrayLength() != 2
            || Column(children[0], item) is not { Type.Kind: TypeKind.String } column || Constant(column, children[1]) is not { } pattern)
        {
            return Expression.True;
        }

        var prefix = pattern.AsString.AsSpan();
        var wildcard = prefix.IndexOfAny("%_\\");
        return wildcard <= 0 ? Expression.True : Expression.StartsWith(column.Name, prefix[..wildcard].ToString());
    }

    private Literal? Constant(NestedField column, JsonElement operand) =>
        column.Type is PrimitiveType type && SqlConstant.Read(operand, parameters) is { } constant && constant.TryAs(type, out var literal)
            ? literal
            : null;

    /// <summary>The column of the item that an expression is; null when it is something else or may belong elsewhere.</summary>
    private NestedField? Column(JsonElement expression, FromItem item)
    {
        if (expression.GetProperty("class").GetString() is not "COLUMN_REF")
        {
            return null;
        }

        var names = expression.GetProperty("column_names").EnumerateArray().Select(n => n.GetString()!).ToList();
        if (names.Count > 1)
        {
            return item.IsNamed(names[..^1]) ? item.Column(names[^1]) : null;
        }

        // With several sources a name that two of them have is an error in DuckDB, unless a join merges or hides columns.
        return scope.Items.Count == 1 || scope.UnqualifiedNamesAreUnique ? item.Column(names[0]) : null;
    }
}
