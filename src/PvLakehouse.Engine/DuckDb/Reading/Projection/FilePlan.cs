using PvLakehouse.Engine.DuckDb.Reading.Shapes;

namespace PvLakehouse.Engine.DuckDb.Reading.Projection;

/// <summary>How one file gives the columns that are wanted. Files with equal plans are read together.</summary>
/// <param name="Columns">The columns, in the order of the targets.</param>
/// <param name="AsIs">
/// The file's own columns, when those that are wanted are among them by the same names and types: then DuckDB need not
/// be told which they are, and reads them in about half the time. Otherwise null.
/// </param>
internal sealed record FilePlan(IReadOnlyList<ColumnPlan> Columns, FileShape? AsIs = null)
{
    /// <summary>Equal for files that can be read by one call.</summary>
    public string Signature { get; } = AsIs is null
        ? string.Join('\u0001', Columns.Select(c => $"{c.Source?.Key}\u0002{c.Source?.Type}\u0002{c.Expression}"))
        : string.Join('\u0001', AsIs.Columns.Select(c => $"\u0003{c.Id}\u0002{c.Name}\u0002{c.Type}"));
}

/// <summary>How a file gives one column.</summary>
/// <param name="Source">The column of the file; null when the file is not needed for it.</param>
/// <param name="Expression">
/// SQL of the value, in which <see cref="Raw"/> stands for the source and <see cref="PartitionValue"/> for values of
/// the partition; null when the source is the value.
/// </param>
internal sealed record ColumnPlan(RawColumn? Source, string? Expression)
{
    /// <summary>Stands for the column of the file in an expression.</summary>
    public const string Raw = "\u0003raw\u0003";

    /// <summary>Stands for the value of a partition field, whose place in the spec is between the marks.</summary>
    public static string PartitionValue(int position) => FormattableString.Invariant($"\u0004{position}\u0004");
}

/// <summary>A column of a file as DuckDB is asked for it.</summary>
/// <param name="Key">Field id, or name in quotes.</param>
/// <param name="Type">The type that DuckDB shall cast it to.</param>
internal sealed record RawColumn(string Key, string Type);
