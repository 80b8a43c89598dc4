using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Sql.Statements;

/// <summary>What ALTER TABLE does.</summary>
internal abstract record AlterAction
{
    internal sealed record AddColumns(IReadOnlyList<ColumnDefinition> Columns, bool IfNotExists) : AlterAction;

    internal sealed record DropColumns(IReadOnlyList<IReadOnlyList<string>> Columns, bool IfExists) : AlterAction;

    internal sealed record RenameColumn(IReadOnlyList<string> Column, string To) : AlterAction;

    internal sealed record SetColumnType(IReadOnlyList<string> Column, IcebergType Type) : AlterAction;

    internal sealed record SetRequired(IReadOnlyList<string> Column, bool Required) : AlterAction;

    internal sealed record SetColumnComment(IReadOnlyList<string> Column, string? Comment) : AlterAction;

    internal sealed record MoveColumn(IReadOnlyList<string> Column, ColumnPlace Place) : AlterAction;

    internal sealed record RenameTable(TableName To) : AlterAction;

    internal sealed record SetProperties(IReadOnlyDictionary<string, string> Properties) : AlterAction;

    internal sealed record UnsetProperties(IReadOnlyList<string> Keys, bool IfExists) : AlterAction;

    /// <summary>Several changes of one statement, as Trino's SET PROPERTIES can hold them.</summary>
    internal sealed record Several(IReadOnlyList<AlterAction> Actions) : AlterAction;

    internal sealed record SetPartitioning(IReadOnlyList<Term> Terms) : AlterAction;

    internal sealed record AddPartitionField(Term Term, string? Name) : AlterAction;

    /// <summary>Removes a field, found by its term or, without one, by its name.</summary>
    internal sealed record DropPartitionField(Term? Term, string? Name) : AlterAction;

    internal sealed record ReplacePartitionField(Term? Term, string? Name, Term With, string? WithName) : AlterAction;

    internal sealed record SetOrder(IReadOnlyList<SortKey> Keys) : AlterAction;

    internal sealed record SetIdentifierFields(IReadOnlyList<string> Columns) : AlterAction;

    internal sealed record DropIdentifierFields(IReadOnlyList<string> Columns) : AlterAction;

    /// <summary>Makes or moves a branch or tag.</summary>
    internal sealed record CreateRef(
        bool IsBranch, string Name, RefCreation Creation, long? SnapshotId, RefRetention Retention) : AlterAction;

    internal sealed record DropRef(bool IsBranch, string Name, bool IfExists) : AlterAction;

    /// <summary>Trino's ALTER TABLE EXECUTE.</summary>
    internal sealed record Execute(string Procedure, IReadOnlyList<Argument> Arguments, string? Where) : AlterAction;
}

/// <summary>What to do about a branch or tag of the same name.</summary>
internal enum RefCreation
{
    /// <summary>It is an error.</summary>
    Create,

    /// <summary>Leave it.</summary>
    IfNotExists,

    /// <summary>Move it, or make it.</summary>
    CreateOrReplace,

    /// <summary>Move it; none is an error.</summary>
    Replace,
}

/// <summary>How long a branch or tag keeps what it reaches.</summary>
/// <param name="MaxRefAge">How long it lives itself; null for ever.</param>
/// <param name="MinSnapshots">How many snapshots of a branch are kept; null for the table's rule.</param>
/// <param name="MaxSnapshotAge">How old snapshots of a branch may become; null for the table's rule.</param>
internal sealed record RefRetention(TimeSpan? MaxRefAge, int? MinSnapshots, TimeSpan? MaxSnapshotAge);
