namespace PvLakehouse.Engine.Sql.Statements;

/// <summary>Adds rows; with <paramref name="Overwrite"/> in place of those of the same partitions.</summary>
/// <remarks>
/// INSERT OVERWRITE does what Spark does with <c>spark.sql.sources.partitionOverwriteMode=dynamic</c>, the mode that
/// Iceberg recommends (Spark's own default, static, would empty the whole table): the partitions that get rows lose
/// those that they have, a table without partitions loses all, and a query without rows changes nothing. Where
/// PARTITION gives a value to every column that partitions the table as it is, these rows are replaced, also by none.
/// </remarks>
/// <param name="Target">The table.</param>
/// <param name="Columns">
/// The columns that the query gives, in its order; null for all of the table but those with a value.
/// </param>
/// <param name="ByName">Whether the query's columns are matched by their names.</param>
/// <param name="Overwrite">Whether rows are replaced.</param>
/// <param name="Query">SELECT or VALUES.</param>
internal sealed record InsertStatement(
    Target Target, IReadOnlyList<string>? Columns, bool ByName, bool Overwrite, string Query) : Statement
{
    /// <summary>The PARTITION clause; empty when there is none.</summary>
    public IReadOnlyList<PartitionTerm> Partition { get; init; } = [];
}

/// <summary>A column in a PARTITION clause.</summary>
/// <param name="Column">Its name.</param>
/// <param name="Value">The value of all rows; null when the query gives it.</param>
internal sealed record PartitionTerm(string Column, string? Value);

/// <summary>Removes the rows for which a condition is true.</summary>
/// <param name="Target">The table.</param>
/// <param name="Where">The condition; null for every row.</param>
internal sealed record DeleteStatement(Target Target, string? Where) : Statement;

/// <summary>Changes the rows for which a condition is true.</summary>
/// <param name="Target">The table.</param>
/// <param name="Set">The new values.</param>
/// <param name="From">What else the expressions refer to; null for nothing.</param>
/// <param name="Where">The condition; null for every row.</param>
internal sealed record UpdateStatement(
    Target Target, IReadOnlyList<Assignment> Set, string? From, string? Where) : Statement;

/// <summary>Inserts, updates and deletes after comparing a table with a source.</summary>
/// <param name="Target">The table.</param>
/// <param name="Source">What it is compared with.</param>
/// <param name="On">When a row of the source meets one of the table.</param>
/// <param name="Clauses">What happens then; of several, the first whose condition is true.</param>
internal sealed record MergeStatement(
    Target Target, MergeSourceText Source, string On, IReadOnlyList<MergeClause> Clauses) : Statement;

/// <summary>The source of a MERGE.</summary>
/// <param name="From">A table, a table function or a query in parentheses.</param>
/// <param name="Alias">What expressions call it.</param>
/// <param name="Columns">Names of its columns; null for those that it has itself.</param>
internal sealed record MergeSourceText(string From, string Alias, IReadOnlyList<string>? Columns);

/// <summary>The rows that a clause of MERGE is about.</summary>
internal enum MergeCase
{
    /// <summary>A pair of a source row and a table row.</summary>
    Matched,

    /// <summary>A source row that meets no table row.</summary>
    NotMatched,

    /// <summary>A table row that meets no source row.</summary>
    NotMatchedBySource,
}

/// <summary>One WHEN clause of MERGE.</summary>
/// <param name="Case">Which rows.</param>
/// <param name="Condition">What must also hold; null for nothing.</param>
/// <param name="Action">What happens to them.</param>
internal sealed record MergeClause(MergeCase Case, string? Condition, MergeAction Action);

/// <summary>What a clause of MERGE does.</summary>
internal abstract record MergeAction
{
    /// <summary>Leaves the row as it is.</summary>
    internal sealed record Nothing : MergeAction;

    /// <summary>Removes the table row.</summary>
    internal sealed record Delete : MergeAction;

    /// <summary>Changes columns of the table row; null takes all from the source columns of the same name.</summary>
    internal sealed record Update(IReadOnlyList<Assignment>? Set) : MergeAction;

    /// <summary>
    /// Adds a row; null columns are all of the table, null values those of the source columns of the same name.
    /// </summary>
    internal sealed record Insert(IReadOnlyList<string>? Columns, IReadOnlyList<string>? Values) : MergeAction;
}
