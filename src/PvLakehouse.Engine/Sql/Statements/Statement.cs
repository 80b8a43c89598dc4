namespace PvLakehouse.Engine.Sql.Statements;

/// <summary>A statement of which the parts that concern Iceberg are understood; expressions and queries stay text.</summary>
internal abstract record Statement;

/// <summary>A table as a statement names it.</summary>
/// <param name="Parts">The names between the dots.</param>
internal sealed record TableName(IReadOnlyList<string> Parts)
{
    public override string ToString() => string.Join('.', Parts);
}

/// <summary>The table that a statement changes.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Branch">The branch to write to; null for the main one.</param>
/// <param name="Alias">What expressions call it; null for the last part of its name.</param>
internal sealed record Target(TableName Table, string? Branch, string? Alias)
{
    /// <summary>The name by which expressions refer to the table's columns.</summary>
    public string Name => Alias ?? Table.Parts[^1];
}

/// <summary>A column that gets a value.</summary>
/// <param name="Column">The column.</param>
/// <param name="Value">An expression.</param>
internal sealed record Assignment(string Column, string Value);

/// <summary>A value given by name or by place: table property, argument of a procedure.</summary>
/// <param name="Name">The name; null when the place tells.</param>
/// <param name="Value">A constant expression.</param>
internal sealed record Argument(string? Name, string Value);
