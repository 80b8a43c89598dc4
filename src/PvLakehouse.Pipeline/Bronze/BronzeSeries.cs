using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>A bronze table's parts: which columns say what a value is of, and which are the value.</summary>
/// <param name="Contract">The table.</param>
/// <param name="Stamp">The column of instants, by which files are left out; null for the register, which has none.</param>
/// <param name="Key">The columns that say what a row's values are of, with the stamp.</param>
/// <param name="Described">Columns that only describe the farm: when they alone differ, nothing was revised.</param>
internal sealed record BronzeSeries(TableContract Contract, string? Stamp, IReadOnlyList<string> Key, IReadOnlyList<string> Described)
{
    /// <summary>The columns whose change is a revision: all that are no key, no description and no audit column.</summary>
    public IReadOnlyList<string> Values { get; } =
    [
        .. Contract.Columns.Except(IngestColumns.All).Select(column => column.Name)
            .Except(Key, StringComparer.Ordinal).Except(Described, StringComparer.Ordinal),
    ];
}
