using System.Diagnostics;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Forecasts;
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

    /// <summary>gold.dim_date: every day of the years in which silver or a forecast has an hour, by the bounds of their files.</summary>
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
        (int First, int Last)? years = null;
        foreach (var contract in (TableContract[])
            [CleanHourlyEnergy.Contract, CleanHourlyWeather.Contract, CleanHourlyAirQuality.Contract, IssuedForecasts.Contract])
        {
            if (await lake.Tables.FindAsync(contract, cancellationToken) is { } table && lake.HeadOf(table) is { } head)
            {
                await foreach (var file in table.NewScan().UseSnapshot(head.SnapshotId).PlanFilesAsync(cancellationToken))
                {
                    foreach (var year in YearsOf(table.Schema, file.File))
                    {
                        years = years is { } known ? (Math.Min(known.First, year), Math.Max(known.Last, year)) : (year, year);
                    }
                }
            }
        }

        return years;
    }

    /// <summary>First and last years of a file's hours, as its metadata tell; a farm without a known clock still has a UTC year.</summary>
    private static IEnumerable<int> YearsOf(Schema schema, DataFile file)
    {
        var (local, utc) = (Field("local_date_hour"), Field("date_hour"));
        return file.Metrics.NullValueCounts.TryGetValue(local.Id, out var unknown) && unknown == 0
            ? Bounds(local)
            : Bounds(local).Concat(Bounds(utc));

        NestedField Field(string name) => schema.Columns.First(column => column.Name == name);

        IEnumerable<int> Bounds(NestedField field) =>
            from bounds in (FieldMap<ReadOnlyMemory<byte>>[])[file.Metrics.LowerBounds, file.Metrics.UpperBounds]
            where bounds.ContainsKey(field.Id)
            let microseconds = SingleValue.FromBytes((PrimitiveType)field.Type, bounds[field.Id].Span).AsLong
            select DateTime.UnixEpoch.AddMicroseconds(microseconds).Year;
    }
}
