using PvLakehouse.Cli.Output;
using PvLakehouse.Pipeline.Planning;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Cli.Tests;

/// <summary>One of something is told in the singular, and the columns of the lines stay where they are.</summary>
public sealed class CountTests
{
    [Fact]
    public async Task A_plan_counts_one_request_one_credit_and_one_row()
    {
        var loads = new[]
        {
            Load("facilities", "OpenElectricity", 1, 1, 1),
            Load("facility_timeseries", "OpenElectricity", 2, 1.2, 1_000),
            Load("facility_weather", "Open-Meteo", 1, 1.04, 24) with { Duration = TimeSpan.FromSeconds(2) },
        };
        await using var output = new StringWriter { NewLine = "\n" };

        await PlanText.WriteAsync(new LoadPlan(loads, [], []), output);

        Assert.Equal(
            """
            Plan: facilities                 1 request        1.0 credit                 1 row
            Plan: facility_timeseries        2 requests       1.2 credits            1,000 rows
            Plan: facility_weather           1 request        1.0 call weight           24 rows  about 2 s

            """,
            output.ToString());
    }

    [Theory]
    [InlineData(1, 0, " 1 row new ")]
    [InlineData(2, 0, " 2 rows new ")]
    [InlineData(0, 1, " 1 row changed ")]
    [InlineData(1, 3, " 1 row new, 3 changed ")]
    public async Task A_stage_counts_one_row(long inserted, long updated, string told)
    {
        await using var output = new StringWriter();

        await new StageReporter(output, lineage: null).RunAsync(
            "stage",
            () => Task.FromResult(new StageResult("gold.dim_date", SnapshotId: 1, TimeSpan.Zero) { RowsInserted = inserted, RowsUpdated = updated }));

        Assert.Contains(told, output.ToString(), StringComparison.Ordinal);
    }

    private static PlannedLoad Load(string dataset, string provider, int requests, double cost, long rows) =>
        new(dataset, provider, requests, cost, rows) { Duration = TimeSpan.Zero };
}
