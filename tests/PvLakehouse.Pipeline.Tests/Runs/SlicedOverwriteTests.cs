using PvLakehouse.Pipeline.Publishing;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Tests.Models;

namespace PvLakehouse.Pipeline.Tests.Runs;

/// <summary>A table that is overwritten a few days after the other ends with the rows that it has when computed at once.</summary>
public sealed class SlicedOverwriteTests
{
    private static readonly string[] Tables =
        ["silver.clean_hourly_energy", "silver.clean_daily_energy", "gold.fact_solar_environmental", "gold.agg_daily_facility"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_are_those_of_a_merge_at_once()
    {
        await using var lake = new TestLake();
        await lake.InitializeAsync();
        await lake.FacilityAsync("AVLSF", 254.1, 190);
        // Five days with more in each hour than in the one before, so that no two rows are alike.
        await lake.EnergyAsync([.. Enumerable.Range(0, 5 * 24).Select(hour =>
            ("AVLSF", "AVLSF1", $"2025-01-{1 + (hour / 24):00}T{hour % 24:00}", (double?)(hour * 0.5)))]);
        await lake.RunAsync();
        var merged = await RowsAsync(lake);
        Assert.All(merged, rows => Assert.InRange(rows.Length, 5, 200));

        lake.Clock.Advance(TimeSpan.FromHours(1));
        var stages = new List<StageResult>();
        await new AuditedRun(lake.Lake with { RowsOfSlice = 30 }).RunAsync(
            models => models.RunAllAsync(ModelMode.Full, LoadStrategy.Overwrite, ObserveAsync, Token), (_, stage) => stage(), Token);

        Assert.Equal(merged, await RowsAsync(lake));
        // Each slice but the first is a commit of its own, and all rows count as new.
        Assert.All(merged.Zip(Tables), table => Assert.Equal(table.First.Length, stages.Single(stage => stage.Table == table.Second).RowsInserted));
        Assert.Equal(["true"], await lake.RowsAsync(
            "SELECT count(*) FILTER (WHERE operation = 'append') >= 2 FROM iceberg.silver.\"clean_daily_energy$snapshots\""));

        async Task<StageResult> ObserveAsync(string dataset, Func<Task<StageResult>> stage)
        {
            stages.Add(await stage());
            return stages[^1];
        }
    }

    private static async Task<string[][]> RowsAsync(TestLake lake)
    {
        var rows = new List<string[]>();
        foreach (var table in Tables)
        {
            rows.Add([.. await lake.RowsAsync($"SELECT * EXCLUDE (created_at, updated_at) FROM iceberg.{table} ORDER BY ALL")]);
        }

        return [.. rows];
    }
}
