using System.Globalization;
using PvLakehouse.Pipeline.Publishing;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Tests.Models;

namespace PvLakehouse.Pipeline.Tests.Runs;

/// <summary>
/// Whatever order data arrive in, however often they are corrected and wherever runs are stopped: what incremental runs built is,
/// row for row, what a full run builds.
/// </summary>
/// <remarks>
/// Every farm has a random history of its own; the farms of a lake go through them together, because farms of a region judge each
/// other. The full run merges into the same tables, so a single row that differs shows as inserted, updated or deleted.
/// </remarks>
public sealed class IncrementalEqualsFullTests
{
    private const int Steps = 4;
    private const int Farms = 70;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 1_000_000, 1)]
    [InlineData(2, 1_500, 1)]
    [InlineData(3, 1_000_000, 2)]
    public async Task Seventy_random_histories_end_as_a_full_run_would_have_them(int seed, long rowsOfSlice, int threads)
    {
        var random = new Random(seed);
        var lake = new TestLake { RowsOfSlice = rowsOfSlice, Threads = threads };
        await lake.InitializeAsync();
        await using var disposing = lake;
        var histories = Enumerable.Range(0, Farms).Select(number => new FarmHistory(number, random)).ToArray();
        for (var step = 0; step < Steps; step++)
        {
            foreach (var history in histories)
            {
                history.Advance(step);
            }

            await FarmHistory.IngestAsync(lake, histories);
            await RunAsync(lake, stopAfter: step > 0 && random.Next(3) == 0 ? random.Next(1, 14) : null);
        }

        await RunAsync(lake, stopAfter: null);
        var before = await HeadsAsync(lake);

        Assert.All(await RunAsync(lake, stopAfter: null), stage => Assert.True(stage.NothingNew, stage.Table));
        Assert.Equal(before, await HeadsAsync(lake));

        var full = await RunAsync(lake, stopAfter: null, ModelMode.Full);

        Assert.All(full, stage => Assert.True(
            stage.RowsInserted + stage.RowsUpdated + stage.RowsDeleted == 0,
            $"{stage.Table}: a full run inserts {stage.RowsInserted}, updates {stage.RowsUpdated} and deletes {stage.RowsDeleted} rows (seed {seed})"));
        Assert.Equal(before, await HeadsAsync(lake));
        Assert.Equal(["true true true"], await lake.RowsAsync(
            """
            SELECT count(*) > 1000, count(CASE WHEN quality_flag = 'BAD' THEN 1 END) > 10, count(CASE WHEN quality_issues LIKE '%ENERGY_HELD%' THEN 1 END) > 10
            FROM iceberg.gold.fact_solar_environmental
            """));
    }

    /// <summary>A run, or its beginning: a stop comes between two stages, as the commits leave it.</summary>
    private static async Task<IReadOnlyList<StageResult>> RunAsync(TestLake lake, int? stopAfter, ModelMode mode = ModelMode.Incremental)
    {
        var stages = new List<StageResult>();
        lake.Clock.Advance(TimeSpan.FromMinutes(1));
        try
        {
            await new AuditedRun(lake.Lake).RunAsync(
                models => models.RunAllAsync(mode, LoadStrategy.Merge, ObserveAsync, Token), (_, stage) => stage(), Token);
        }
        catch (OperationCanceledException) when (stages.Count == stopAfter)
        {
        }

        return stages;

        async Task<StageResult> ObserveAsync(string dataset, Func<Task<StageResult>> stage)
        {
            stages.Add(await stage());
            return stages.Count == stopAfter ? throw new OperationCanceledException() : stages[^1];
        }
    }

    private static async Task<string[]> HeadsAsync(TestLake lake)
    {
        var heads = new List<string>();
        foreach (var contract in Datasets.Contracts.Where(contract => contract.Layer is "silver" or "gold"))
        {
            var table = await lake.Lake.Tables.FindAsync(contract, Token);
            heads.Add(string.Create(CultureInfo.InvariantCulture, $"{contract} {table?.Metadata.CurrentSnapshotId}"));
        }

        return [.. heads];
    }
}
