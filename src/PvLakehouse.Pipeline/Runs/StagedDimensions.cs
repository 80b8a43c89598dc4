using System.Diagnostics;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Gold;
using PvLakehouse.Pipeline.Silver;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>Writes the dimensions whose rows come from rules, not from data: calendar, hours, air-quality categories.</summary>
internal sealed class StagedDimensions(Lake lake)
{
    /// <summary>gold.dim_time.</summary>
    public Task<StageResult> TimeAsync(LoadStrategy strategy, CancellationToken cancellationToken) =>
        WriteAsync(DimTime.Contract, DimTime.Rows(), strategy, cancellationToken);

    /// <summary>gold.dim_aqi_category.</summary>
    public Task<StageResult> AqiCategoryAsync(LoadStrategy strategy, CancellationToken cancellationToken) =>
        WriteAsync(DimAqiCategory.Contract, DimAqiCategory.Rows(), strategy, cancellationToken);

    /// <summary>gold.dim_date: every day of the years in which silver has an hour.</summary>
    public async Task<StageResult> DateAsync(LoadStrategy strategy, CancellationToken cancellationToken)
    {
        var years = await YearsAsync(cancellationToken)
            ?? throw new PipelineException($"{DimDate.Contract} needs an hourly silver table with rows: run 'pvlake silver hourly_energy' first.");
        return await WriteAsync(DimDate.Contract, DimDate.Rows(years.First, years.Last), strategy, cancellationToken);
    }

    private async Task<StageResult> WriteAsync(
        TableContract target, IEnumerable<object?[]> rows, LoadStrategy strategy, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var table = await lake.Tables.EnsureAsync(target, cancellationToken);
        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        var columns = target.Columns.Select(column => new StagedColumn(column.Name, IcebergType.Parse(column.Type)));
        await session.StageAsync("rows", [.. columns], rows.ToAsyncEnumerable(), cancellationToken);
        var write = new WriteOptions { Branch = lake.Branch };
        var outcome = strategy == LoadStrategy.Overwrite
            ? await session.OverwriteAsync(target.Identifier, "SELECT * FROM rows", write, cancellationToken)
            : await session.MergeAsync(
                target.Identifier, "SELECT * FROM rows", ModelRunner.Merge(table, target, write), cancellationToken);
        return ModelRunner.Result(target, outcome, started);
    }

    private async Task<(int First, int Last)?> YearsAsync(CancellationToken cancellationToken)
    {
        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        var parts = new List<string>();
        foreach (var table in (TableContract[])[CleanHourlyEnergy.Contract, CleanHourlyWeather.Contract, CleanHourlyAirQuality.Contract])
        {
            if (await lake.Tables.FindAsync(table, cancellationToken) is { } found && lake.HeadOf(found) is not null)
            {
                await lake.BindAsync(session, table, cancellationToken);
                // A farm without a known clock still has a UTC year.
                parts.Add($"SELECT coalesce(local_date_hour, CAST(date_hour AS TIMESTAMP)) AS hour FROM {table.Name}");
            }
        }

        if (parts.Count == 0)
        {
            return null;
        }

        var result = await session.QueryAsync(
            $"SELECT min(year(hour)), max(year(hour)) FROM ({string.Join(" UNION ALL ", parts)})", parameters: null, cancellationToken);
        var row = (await result.ToListAsync(cancellationToken))[0];
        return row[0] is null
            ? null
            : (Convert.ToInt32(row[0], provider: null), Convert.ToInt32(row[1], provider: null));
    }
}
