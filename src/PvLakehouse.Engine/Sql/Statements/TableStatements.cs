using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Sql.Statements;

/// <summary>A column of a new table or one that is added.</summary>
/// <param name="Path">Its name; several parts for a field inside another column.</param>
/// <param name="Type">Its type; ids inside mean nothing yet.</param>
/// <param name="Required">Whether it is NOT NULL.</param>
/// <param name="Comment">What it means; null when nothing is said.</param>
/// <param name="Place">Where it goes; null for the end.</param>
internal sealed record ColumnDefinition(
    IReadOnlyList<string> Path, IcebergType Type, bool Required, string? Comment, ColumnPlace? Place = null)
{
    public string FullName => string.Join('.', Path);
}

/// <summary>Where a column goes: first, or after another of the same level.</summary>
/// <param name="After">The column before it; null for the first place.</param>
internal sealed record ColumnPlace(string? After);

/// <summary>A partition field or sort key before it is resolved: a transform of a column.</summary>
/// <param name="Column">Full name of the column.</param>
/// <param name="Transform">The transform.</param>
internal sealed record Term(string Column, Transform Transform);

/// <summary>A key of a sort order.</summary>
/// <param name="Term">What is sorted by.</param>
/// <param name="Descending">Whether large values come first.</param>
/// <param name="NullsFirst">Where null stands.</param>
internal sealed record SortKey(Term Term, bool Descending, bool NullsFirst);

/// <summary>Makes a namespace.</summary>
internal sealed record CreateSchemaStatement(
    TableName Schema, bool IfNotExists, IReadOnlyDictionary<string, string> Properties) : Statement;

/// <summary>Removes an empty namespace.</summary>
internal sealed record DropSchemaStatement(TableName Schema, bool IfExists) : Statement;

/// <summary>Makes a table, from column definitions or from the columns and rows of a query.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Replace">Whether a table that is there already becomes this one, keeping its history.</param>
/// <param name="IfNotExists">Whether a table that is there already is no error.</param>
/// <param name="Columns">The columns; none when the query tells.</param>
/// <param name="Layout">Partitioning, order, place and properties.</param>
/// <param name="Query">SELECT or VALUES; null for a table without rows.</param>
internal sealed record CreateTableStatement(
    TableName Table, bool Replace, bool IfNotExists, IReadOnlyList<ColumnDefinition> Columns, TableLayout Layout, string? Query) : Statement;

/// <summary>What a new table is beside its columns.</summary>
/// <param name="Partitioning">The partition fields.</param>
/// <param name="Order">The sort keys.</param>
/// <param name="Location">Where its files go; null lets the catalog choose.</param>
/// <param name="Properties">Table properties.</param>
internal sealed record TableLayout(
    IReadOnlyList<Term> Partitioning, IReadOnlyList<SortKey> Order, string? Location, IReadOnlyDictionary<string, string> Properties);

/// <summary>Forgets a table.</summary>
/// <param name="Table">Its name.</param>
/// <param name="IfExists">Whether a table that is not there is no error.</param>
/// <param name="Purge">Whether its files are deleted too.</param>
internal sealed record DropTableStatement(TableName Table, bool IfExists, bool Purge) : Statement;

/// <summary>Changes what a table is.</summary>
/// <param name="Table">Its name.</param>
/// <param name="IfExists">Whether a table that is not there is no error.</param>
/// <param name="Action">The change.</param>
internal sealed record AlterTableStatement(TableName Table, bool IfExists, AlterAction Action) : Statement;

/// <summary>Runs a procedure of the catalog.</summary>
/// <param name="Procedure">Its name without the catalog and <c>system</c>, in lower case.</param>
/// <param name="Arguments">Its arguments, in order.</param>
internal sealed record CallStatement(string Procedure, IReadOnlyList<Argument> Arguments) : Statement;
