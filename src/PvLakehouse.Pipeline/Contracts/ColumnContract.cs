namespace PvLakehouse.Pipeline.Contracts;

/// <summary>What one column of a table promises.</summary>
public sealed record ColumnContract
{
    private ColumnContract(string name, string type, bool nullable, string unit, string meaning)
    {
        Name = name;
        Type = type;
        Nullable = nullable;
        Unit = unit;
        Meaning = meaning;
    }

    /// <summary>The column's name in snake case.</summary>
    public string Name { get; }

    /// <summary>The Iceberg type as the specification writes it, for example <c>timestamptz</c> or <c>decimal(12,6)</c>.</summary>
    public string Type { get; }

    /// <summary>Whether the value may be unknown.</summary>
    public bool Nullable { get; private init; }

    /// <summary>Unit of the value, empty for text, keys and instants.</summary>
    public string Unit { get; }

    /// <summary>One sentence on what the value means.</summary>
    public string Meaning { get; }

    /// <summary>Whether the column is kept only for the queries that know it; the table's own description says so too.</summary>
    public bool IsDeprecated { get; private init; }

    /// <summary>The column as one to move away from; rows may leave it empty from now on.</summary>
    public ColumnContract AsDeprecated() => this with { IsDeprecated = true, Nullable = true };

    /// <summary>The values that the column may have; empty for any.</summary>
    public IReadOnlyList<string> Values { get; private init; } = [];

    /// <summary>The same column with only some values allowed.</summary>
    public ColumnContract OneOf(params IReadOnlyList<string> values) => this with { Values = values };

    /// <summary>A column that always has a value.</summary>
    public static ColumnContract Required(string name, string type, string meaning, string unit = "") =>
        new(name, type, nullable: false, unit, meaning);

    /// <summary>A column whose value may be unknown.</summary>
    public static ColumnContract Optional(string name, string type, string meaning, string unit = "") =>
        new(name, type, nullable: true, unit, meaning);
}
