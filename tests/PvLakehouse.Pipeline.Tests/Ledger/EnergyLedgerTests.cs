using PvLakehouse.Engine;
using PvLakehouse.Pipeline.Ledger;
using PvLakehouse.Pipeline.Quality;
using PvLakehouse.Pipeline.Silver;
using PvLakehouse.Pipeline.Tests.Models;

namespace PvLakehouse.Pipeline.Tests.Ledger;

/// <summary>What was known when, and what providers changed: metadata come at 00:01, energy at 00:02, 00:03 and 00:04 of 2026-01-01.</summary>
public sealed class EnergyLedgerTests : IAsyncLifetime
{
    private readonly TestLake _lake = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _lake.InitializeAsync();
        await _lake.FacilitiesAsync(("AVLSF", 254.1, 190), ("BERYL", 110.9, 87));
        await _lake.EnergyAsync(
            ("AVLSF", "AVLSF1", "2025-01-01T00", 80), ("AVLSF", "AVLSF1", "2025-01-01T01", 90), ("BERYL", "BERYL1", "2025-01-01T00", 40));
        await _lake.EnergyAsync(("AVLSF", "AVLSF1", "2025-01-01T00", 85), ("AVLSF", "AVLSF1", "2025-01-01T02", 70));
        await _lake.EnergyAsync(("AVLSF", "AVLSF1", "2025-01-01T01", null), ("BERYL", "BERYL1", "2025-01-01T00", 40));
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Theory]
    [InlineData("2026-01-01 00:01:30+00", "")]
    [InlineData("2026-01-01 00:02:00+00", "AVLSF 0 80|AVLSF 1 90|BERYL 0 40")]
    [InlineData("2026-01-01 00:03:30+00", "AVLSF 0 85|AVLSF 1 90|AVLSF 2 70|BERYL 0 40")]
    [InlineData("2026-01-01 10:03:30+10", "AVLSF 0 85|AVLSF 1 90|AVLSF 2 70|BERYL 0 40")]
    [InlineData("2026-01-02", "AVLSF 0 85|AVLSF 1 null|AVLSF 2 70|BERYL 0 40")]
    public async Task The_ledger_answers_before_and_after_a_revision(string knownAt, string expected)
    {
        var rows = await _lake.RowsAsync(
            $"SELECT facility_code, hour(date_hour AT TIME ZONE 'UTC'), energy_mwh FROM iceberg.silver.energy_as_known_at('{knownAt}') ORDER BY 1, 2");

        Assert.Equal(expected, string.Join('|', rows));
    }

    [Fact]
    public async Task What_is_known_now_is_silver_row_for_row_and_a_window_of_it_is_the_same()
    {
        await _lake.RunAsync();
        var columns = string.Join(", ", CleanHourlyEnergy.Contract.Columns.Except(QualityColumns.Stamps).Select(column => column.Name));
        var silver = $"SELECT {columns} FROM iceberg.silver.clean_hourly_energy";
        var ledger = $"SELECT {columns} FROM iceberg.silver.energy_as_known_at('2026-02-01')";
        var window = $"SELECT {columns} FROM iceberg.silver.energy_as_known_at('2026-02-01', '2025-01-01 01:00', '2025-01-01 03:00')";

        Assert.Equal(["4"], await _lake.RowsAsync($"SELECT count(*) FROM ({ledger})"));
        Assert.Equal(["0"], await _lake.RowsAsync($"SELECT count(*) FROM (({ledger} EXCEPT {silver}) UNION ALL ({silver} EXCEPT {ledger}))"));
        Assert.Equal(["2"], await _lake.RowsAsync($"SELECT count(*) FROM ({window})"));
        Assert.Equal(["0"], await _lake.RowsAsync($"SELECT count(*) FROM ({window} EXCEPT {silver})"));
    }

    [Theory]
    [InlineData("'yesterday'", "'yesterday' is no instant")]
    [InlineData("'2025-01-01', '2025-01-01'", "found 2 arguments")]
    public async Task What_the_ledger_does_not_understand_is_refused(string arguments, string expected)
    {
        var failure = await Assert.ThrowsAsync<SqlEngineException>(
            () => _lake.RowsAsync($"SELECT * FROM iceberg.silver.energy_as_known_at({arguments})"));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revisions_are_what_was_said_otherwise_before()
    {
        // 00:02 said 80 and 90; since then 85 and nothing. 70 was news, and 40 was said again.
        Assert.Equal(
            [new EnergyRevision("AVLSF", new(2025, 1, 1), 2, 170, 85, -85, _lake.Clock.Start.AddMinutes(4))],
            await RevisionsAsync(since: 2));
        // 00:03 said 90 of the hour that has no value since.
        Assert.Equal(
            [new EnergyRevision("AVLSF", new(2025, 1, 1), 1, 90, null, -90, _lake.Clock.Start.AddMinutes(4))],
            await RevisionsAsync(since: 3));
        Assert.Empty(await RevisionsAsync(since: 4));
        Assert.Empty(await RevisionsAsync(since: 2, "BERYL"));
        Assert.Single(await RevisionsAsync(since: 2, "AVLSF", "BERYL"));
    }

    private Task<IReadOnlyList<EnergyRevision>> RevisionsAsync(int since, params string[] farms) =>
        new EnergyRevisions(_lake.Lake).SinceAsync(_lake.Clock.Start.AddMinutes(since), farms, Token);
}
