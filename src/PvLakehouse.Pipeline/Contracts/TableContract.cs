using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Pipeline.Contracts;

/// <summary>The one description of a table, from which creation, checks, documentation and the console are derived.</summary>
public sealed record TableContract
{
    /// <summary>The layer: bronze, silver, gold, ml or ops; also the catalog's namespace.</summary>
    public required string Layer { get; init; }

    /// <summary>The table's name inside its layer.</summary>
    public required string Name { get; init; }

    /// <summary>What one row is.</summary>
    public required string Grain { get; init; }

    /// <summary>The columns in table order.</summary>
    public required IReadOnlyList<ColumnContract> Columns { get; init; }

    /// <summary>Columns that together identify a row; empty for append-only tables, which keep every version.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>How the rows are partitioned; empty for small tables.</summary>
    public IReadOnlyList<PartitionContract> Partitioning { get; init; } = [];

    /// <summary>Columns by which the rows of a file are sorted, ascending.</summary>
    public IReadOnlyList<string> SortedBy { get; init; } = [];

    /// <summary>Columns that point to dimensions.</summary>
    public IReadOnlyList<ForeignKey> References { get; init; } = [];

    /// <summary>The endpoints whose answers the rows are, as the archive names them; empty for tables that are made of tables.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>The table's identifier in the catalog.</summary>
    public TableIdentifier Identifier => TableIdentifier.Parse($"{Layer}.{Name}");

    /// <summary>The name by which SQL reaches the table, for example <c>iceberg.gold.dim_date</c>.</summary>
    public string SqlName => $"iceberg.{Layer}.{Name}";

    /// <summary>Some of the columns, for a table that has them too.</summary>
    /// <exception cref="InvalidOperationException">One of them is not there.</exception>
    public IEnumerable<ColumnContract> Pick(params IEnumerable<string> names) =>
        names.Select(name => Columns.Single(column => column.Name == name));

    /// <inheritdoc/>
    public override string ToString() => $"{Layer}.{Name}";
}

/// <summary>One partition field: a transform of a column, in the words of the Iceberg specification.</summary>
/// <param name="Column">The source column.</param>
/// <param name="Transform">The transform, for example <c>identity</c> or <c>month</c>.</param>
public sealed record PartitionContract(string Column, string Transform);
