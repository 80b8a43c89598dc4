using System.Text.Json;
using System.Text.Json.Serialization;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Quality;

namespace PvLakehouse.Pipeline.Documentation;

/// <summary>All that the program knows of a table before it looks at a row.</summary>
/// <param name="Table">Layer and name.</param>
/// <param name="Grain">What one row is.</param>
/// <param name="Columns">The columns in table order.</param>
public sealed record TableDescription(string Table, string Grain, IReadOnlyList<DescribedColumn> Columns)
{
    /// <summary>Columns that together identify a row.</summary>
    public required IReadOnlyList<string> Key { get; init; }

    /// <summary>Partition fields as the specification writes them, for example <c>month(date_hour)</c>.</summary>
    public required IReadOnlyList<string> Partitioning { get; init; }

    /// <summary>Columns by which the rows of a file are sorted.</summary>
    public required IReadOnlyList<string> SortedBy { get; init; }

    /// <summary>Columns that point to dimensions, for example <c>date_key → gold.dim_date.date_key</c>.</summary>
    public required IReadOnlyList<string> References { get; init; }

    /// <summary>The rules that judge its rows.</summary>
    public required IReadOnlyList<DescribedRule> Rules { get; init; }

    /// <summary>The tables that it is made of.</summary>
    public required IReadOnlyList<string> ReadsFrom { get; init; }

    /// <summary>The tables that are made of it.</summary>
    public required IReadOnlyList<string> ReadBy { get; init; }

    /// <summary>The endpoints that its values come from.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Some tables, in their order.</summary>
    public static IReadOnlyList<TableDescription> Of(IEnumerable<TableContract> tables) => [.. tables.Select(Of)];

    /// <summary>One table by its name, with or without layer and catalog.</summary>
    /// <param name="name">The name.</param>
    /// <param name="tables">The tables that there are.</param>
    /// <exception cref="PipelineException">There is no such table.</exception>
    public static TableDescription Find(string name, IReadOnlyList<TableContract> tables)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var wanted = name.StartsWith("iceberg.", StringComparison.Ordinal) ? name["iceberg.".Length..] : name;
        var found = tables.FirstOrDefault(table => table.ToString() == wanted || table.Name == wanted);
        return found is not null ? Of(found) : throw new PipelineException(
            $"There is no table '{name}'; expected one of {string.Join(", ", tables)}.");
    }

    /// <summary>The description as one JSON object.</summary>
    public static string ToJson(IReadOnlyList<TableDescription> tables) =>
        JsonSerializer.Serialize(tables, DescriptionJson.Default.IReadOnlyListTableDescription);

    private static TableDescription Of(TableContract table) =>
        new(table.ToString(), table.Grain, [.. table.Columns.Select(DescribedColumn.Of)])
    {
        Key = table.Key,
        Partitioning = [.. table.Partitioning.Select(
            field => field.Transform == "identity" ? field.Column : $"{field.Transform}({field.Column})")],
        SortedBy = table.SortedBy,
        References = [.. table.References.Select(reference => $"{reference.Column} → {reference.Dimension}.{reference.Key}")],
        Rules = [.. RuleBook.Of(table).Select(rule => new DescribedRule(
            rule.Name, rule.Severity.ToString(), rule.Meaning, rule.Threshold, rule.Source, rule.Predicate))],
        ReadsFrom = [.. TableLineage.ReadsFrom(table).Select(read => read.ToString())],
        ReadBy = [.. TableLineage.ReadBy(table).Select(reader => reader.ToString())],
        Sources = TableLineage.Sources(table),
    };
}

/// <summary>A column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Iceberg type.</param>
/// <param name="Nullable">Whether the value may be unknown.</param>
/// <param name="Unit">Unit; empty where there is none.</param>
/// <param name="Meaning">What the value means, with the values that are allowed where they are few.</param>
public sealed record DescribedColumn(string Name, string Type, bool Nullable, string Unit, string Meaning)
{
    internal static DescribedColumn Of(ColumnContract column) => new(
        column.Name, column.Type, column.Nullable, column.Unit,
        column.Values.Count == 0 ? column.Meaning : $"{column.Meaning} One of {string.Join(", ", column.Values)}.");
}

/// <summary>A quality rule.</summary>
/// <param name="Name">Its name in <c>quality_issues</c>.</param>
/// <param name="Severity">What it takes from a row.</param>
/// <param name="Meaning">What is wrong.</param>
/// <param name="Threshold">The limit.</param>
/// <param name="Source">Where the limit comes from.</param>
/// <param name="Predicate">SQL that is true when the rule is broken.</param>
public sealed record DescribedRule(string Name, string Severity, string Meaning, string Threshold, string Source, string Predicate);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<TableDescription>))]
internal sealed partial class DescriptionJson : JsonSerializerContext;
