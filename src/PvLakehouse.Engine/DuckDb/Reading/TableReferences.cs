using System.Text.Json;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>Finds every Iceberg table that a syntax tree reads, with the filter that its SELECT puts on it.</summary>
internal sealed class TableReferences
{
    private readonly Func<TableMention, Schema?> _schemaOf;
    private readonly IReadOnlyDictionary<string, object?> _parameters;
    private readonly List<TableReference> _found = [];

    private TableReferences(Func<TableMention, Schema?> schemaOf, IReadOnlyDictionary<string, object?> parameters)
    {
        _schemaOf = schemaOf;
        _parameters = parameters;
    }

    /// <summary>The references with their filters.</summary>
    /// <param name="tree">The statement.</param>
    /// <param name="schemaOf">The columns of a table; null for one that is unknown.</param>
    /// <param name="parameters">Values of the statement's parameters.</param>
    public static IReadOnlyList<TableReference> In(
        JsonElement tree, Func<TableMention, Schema?> schemaOf, IReadOnlyDictionary<string, object?> parameters)
    {
        var references = new TableReferences(schemaOf, parameters);
        references.Visit(tree);
        return references._found;
    }

    private void Visit(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var child in element.EnumerateArray())
            {
                Visit(child);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            switch (element.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null)
            {
                case "SELECT_NODE":
                    VisitSelect(element);
                    break;
                case "BASE_TABLE":
                    if (FromScope.TableOf(element) is { } table)
                    {
                        _found.Add(new TableReference(table, Expression.True));
                    }

                    break;
                default:
                    VisitMembers(element, except: null);
                    break;
            }
        }
    }

    private void VisitSelect(JsonElement select)
    {
        var sampled = select.TryGetProperty("sample", out var sample) && sample.ValueKind != JsonValueKind.Null;
        var scope = FromScope.Of(select.GetProperty("from_table"), sampled, _schemaOf);
        var translator = new FilterTranslator(scope, _parameters);
        foreach (var (condition, items) in scope.JoinConditions)
        {
            foreach (var item in items)
            {
                item.Filter = Expression.And(item.Filter, translator.Translate(condition, item));
            }
        }

        foreach (var item in scope.Items.Where(i => i.Table is not null))
        {
            var where = translator.Translate(select.GetProperty("where_clause"), item);
            _found.Add(new TableReference(item.Table!.Value, Expression.And(item.Filter, where)));
        }

        foreach (var inner in scope.Inner)
        {
            Visit(inner);
        }

        VisitMembers(select, except: "from_table");
    }

    private void VisitMembers(JsonElement element, string? except)
    {
        foreach (var member in element.EnumerateObject())
        {
            if (!string.Equals(member.Name, except, StringComparison.Ordinal))
            {
                Visit(member.Value);
            }
        }
    }
}
