using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Expectations;

/// <summary>Checks whole tables, as a person asks for it, and keeps what was found.</summary>
public sealed class LakeCheck(Lake lake)
{
    /// <summary>The tables that a name means.</summary>
    /// <param name="table">A name such as gold.dim_date, a table alone, or a layer; null means all.</param>
    /// <param name="among">All that may be meant; null means the pipeline's tables.</param>
    /// <exception cref="PipelineException">There is no such table.</exception>
    public static IReadOnlyList<TableContract> TablesOf(string? table, IReadOnlyList<TableContract>? among = null)
    {
        among ??= Datasets.Contracts;
        var name = table?.StartsWith("iceberg.", StringComparison.OrdinalIgnoreCase) == true ? table["iceberg.".Length..] : table;
        TableContract[] found =
        [
            .. among.Where(contract => name is null
                || name.Equals(contract.ToString(), StringComparison.OrdinalIgnoreCase)
                || name.Equals(contract.Name, StringComparison.OrdinalIgnoreCase)
                || name.Equals(contract.Layer, StringComparison.OrdinalIgnoreCase)),
        ];
        return found.Length > 0
            ? found
            : throw new PipelineException($"There is no table '{table}'; there are {string.Join(", ", among)}.");
    }

    /// <summary>Checks tables as readers see them. What is found goes to ops.quality_results, unless it is what the last check found.</summary>
    /// <param name="tables">The tables; those without rows are left out.</param>
    /// <param name="cancellationToken">Stops between checks.</param>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(IReadOnlyList<TableContract> tables, CancellationToken cancellationToken)
    {
        var results = await FindAsync(tables, cancellationToken);
        await new ResultHistory(lake).AddAsync(results, cancellationToken);
        return results;
    }

    /// <summary>Checks tables as readers see them, and keeps nothing.</summary>
    /// <param name="tables">The tables; those without rows are left out.</param>
    /// <param name="cancellationToken">Stops between checks.</param>
    public Task<IReadOnlyList<CheckResult>> FindAsync(IReadOnlyList<TableContract> tables, CancellationToken cancellationToken) =>
        new TableChecker(lake).RunAsync(tables.ToDictionary(table => table, _ => CheckScope.All), withClock: true, cancellationToken);
}
