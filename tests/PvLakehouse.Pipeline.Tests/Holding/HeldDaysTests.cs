using PvLakehouse.Pipeline.Alerting;
using PvLakehouse.Pipeline.Holding;
using PvLakehouse.Pipeline.Ops;
using PvLakehouse.Pipeline.Publishing;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Tests.Models;
using PvLakehouse.Pipeline.Tests.Publishing;

namespace PvLakehouse.Pipeline.Tests.Holding;

/// <summary>Farm-days that physics forbids: what gold has of them, and what a person may decide.</summary>
/// <remarks>The farm has 254.1 MW of modules, so 1.1 x 254.1 = 279.5 MWh is the most that an hour can bring.</remarks>
public sealed class HeldDaysTests : IAsyncLifetime
{
    private static readonly DateOnly Day = new(2025, 1, 1);

    private readonly TestLake _lake = new();
    private readonly List<Alert> _alerts = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _lake.InitializeAsync();
        await _lake.FacilitiesAsync(("AVLSF", 254.1, 190), ("BERYL", 110.9, 87));
        await _lake.EnergyAsync(
            ("AVLSF", "AVLSF1", "2025-01-01T00", 80), ("AVLSF", "AVLSF1", "2025-01-01T01", 90), ("AVLSF", "AVLSF1", "2025-01-01T22", 50),
            ("BERYL", "BERYL1", "2025-01-01T00", 40));
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task A_day_that_was_never_possible_is_empty_in_gold_while_all_else_is_published()
    {
        await _lake.EnergyAsync(("AVLSF", "AVLSF1", "2025-01-02T15", 0), ("AVLSF", "AVLSF1", "2025-01-03T00", 300), ("BERYL", "BERYL1", "2025-01-03T00", 41));

        await RunAsync();

        // 15:00 UTC is 01:00 of the next day of market time, which is the held one.
        Assert.Equal(
            [
                "AVLSF 2025-01-01T00 80.000000 false", "AVLSF 2025-01-01T01 90.000000 false", "AVLSF 2025-01-01T22 50.000000 false",
                "AVLSF 2025-01-02T15 null true", "AVLSF 2025-01-03T00 null true", "BERYL 2025-01-01T00 40.000000 false",
                "BERYL 2025-01-03T00 41.000000 false",
            ],
            await GoldAsync());
        var held = Assert.Single(await HeldAsync());
        Assert.Equal(("AVLSF", Day.AddDays(2), HeldDays.Open), (held.FacilityCode, held.NetworkDate, held.Status));
        Assert.Contains("OVER_NAMEPLATE", held.Reasons.Split('|'));
        Assert.Equal((2, 300, null, null), (held.Hours, held.EnergyMwh, held.KeptKnownAt, held.KeptEnergyMwh));
        Assert.Contains("1 farm-day is held back from gold, for example AVLSF 2025-01-03", Assert.Single(_alerts).Text, StringComparison.Ordinal);
        Assert.Equal(["300"], await _lake.RowsAsync("SELECT energy_mwh FROM iceberg.silver.clean_hourly_energy WHERE energy_mwh > 200"));
    }

    [Fact]
    public async Task Gold_keeps_the_newest_version_that_physics_allows_and_takes_the_next_possible_one()
    {
        await RunAsync();
        await _lake.EnergyAsync(("AVLSF", "AVLSF1", "2025-01-01T00", 81));
        await _lake.EnergyAsync(("AVLSF", "AVLSF1", "2025-01-01T00", 300));
        await _lake.EnergyAsync(("AVLSF", "AVLSF1", "2025-01-01T00", 400));

        await RunAsync();

        Assert.Equal(["81.000000", "90.000000"], await EnergyOfTheDayAsync());
        Assert.Equal(["WARNING ENERGY_HELD"], await _lake.RowsAsync(
            "SELECT quality_flag, string_split(quality_issues, '|')[1] FROM iceberg.gold.fact_solar_environmental WHERE energy_mwh = 81"));
        // 400 + 90 are held, 81 + 90 are kept.
        var held = Assert.Single(await HeldAsync());
        Assert.Equal((490, 171), (held.EnergyMwh, held.KeptEnergyMwh));
        // The farm came in the first minute, its energy in the second, the run in the third, and 81 in the fourth.
        Assert.Equal(_lake.Clock.Start.AddMinutes(4), held.KeptKnownAt);

        await _lake.EnergyAsync(("AVLSF", "AVLSF1", "2025-01-01T00", 85));
        await RunAsync();

        Assert.Equal(["85.000000", "90.000000"], await EnergyOfTheDayAsync());
        Assert.Empty(await HeldAsync());
        Assert.Equal([HeldDays.Superseded], (await HeldAsync(all: true)).Select(day => day.Status));
    }

    [Fact]
    public async Task A_released_version_is_published_as_it_is_and_the_next_impossible_one_is_held_again()
    {
        await _lake.EnergyAsync(("AVLSF", "AVLSF1", "2025-01-01T00", 300));
        await RunAsync();
        Assert.Equal(["80.000000", "90.000000"], await EnergyOfTheDayAsync());

        await DecideAsync(release: true);

        Assert.Equal(["300.000000", "90.000000"], await EnergyOfTheDayAsync());
        await RunAsync();
        await RunAsync(ModelMode.Full);
        Assert.Equal(["300.000000", "90.000000"], await EnergyOfTheDayAsync());
        var released = Assert.Single(await HeldAsync(all: true));
        Assert.Equal((HeldDays.Released, "ann", "the meter was seen"), (released.Status, released.DecidedBy, released.Comment));

        await _lake.EnergyAsync(("AVLSF", "AVLSF1", "2025-01-01T01", 310));
        await RunAsync();

        Assert.Equal([HeldDays.Superseded, HeldDays.Open], (await HeldAsync(all: true)).Select(day => day.Status));
        Assert.Equal(["80.000000", "90.000000"], await EnergyOfTheDayAsync());
    }

    [Fact]
    public async Task A_rejected_version_stays_out_and_the_provider_may_still_correct_it()
    {
        await _lake.EnergyAsync(("AVLSF", "AVLSF1", "2025-01-01T00", 300));
        await RunAsync();

        await DecideAsync(release: false);

        Assert.Equal(["80.000000", "90.000000"], await EnergyOfTheDayAsync());
        Assert.Equal([HeldDays.Rejected], (await HeldAsync()).Select(day => day.Status));

        await _lake.EnergyAsync(("AVLSF", "AVLSF1", "2025-01-01T00", 82));
        await RunAsync();

        Assert.Equal(["82.000000", "90.000000"], await EnergyOfTheDayAsync());
        var failure = await Assert.ThrowsAsync<PipelineException>(() => DecideAsync(release: true));
        Assert.Contains("AVLSF 2025-01-01 is no longer held: the version is superseded", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_that_nobody_held_cannot_be_decided()
    {
        await RunAsync();

        var failure = await Assert.ThrowsAsync<PipelineException>(() => DecideAsync(release: true));

        Assert.Contains("AVLSF 2025-01-01 is not held and never was", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hours_of_a_held_day_stand_beside_those_that_gold_keeps()
    {
        await _lake.EnergyAsync(("AVLSF", "AVLSF1", "2025-01-01T00", 300));
        await RunAsync();

        var reader = new HeldDaysReader(_lake.Lake);
        var hours = await reader.HoursAsync(await reader.FindAsync("AVLSF", Day, Token), Token);

        Assert.Equal([(300.0, 80.0, 190.0), (90.0, 90.0, 190.0)], hours.Select(hour => ((double)hour[1]!, (double)hour[2]!, (double)hour[3]!)));
    }

    private Lake Lake => _lake.Lake with { Alerts = new HeardAlerts(_alerts) };

    private Task RunAsync(ModelMode mode = ModelMode.Incremental)
    {
        _lake.Clock.Advance(TimeSpan.FromMinutes(1));
        return new AuditedRun(Lake).RunAsync(
            models => models.RunAllAsync(mode, LoadStrategy.Merge, (_, stage) => stage(), Token), (_, stage) => stage(), Token);
    }

    private async Task DecideAsync(bool release)
    {
        var day = await new HeldDaysReader(_lake.Lake).FindAsync("AVLSF", Day, Token);
        var decision = new HeldDayDecision(Lake);
        _lake.Clock.Advance(TimeSpan.FromMinutes(1));
        await (release
            ? decision.ReleaseAsync(day, "ann", "the meter was seen", (_, stage) => stage(), Token)
            : decision.RejectAsync(day, "ann", comment: null, (_, stage) => stage(), Token));
    }

    private Task<IReadOnlyList<HeldDay>> HeldAsync(bool all = false) => new HeldDaysReader(_lake.Lake).ListAsync(all, Token);

    private Task<string[]> EnergyOfTheDayAsync() => _lake.RowsAsync(
        """
        SELECT energy_mwh FROM iceberg.gold.fact_solar_environmental f JOIN iceberg.gold.dim_facility d ON d.facility_key = f.facility_key
        WHERE facility_code = 'AVLSF' AND date_hour < TIMESTAMPTZ '2025-01-01 14:00:00+00' AND energy_mwh IS NOT NULL ORDER BY date_hour
        """);

    /// <summary>What gold has of the hours that silver knows: farm, hour, energy, whether it is held.</summary>
    private Task<string[]> GoldAsync() => _lake.RowsAsync(
        """
        SELECT e.facility_code, e.date_hour, f.energy_mwh, f.quality_issues LIKE '%ENERGY_HELD%'
        FROM iceberg.silver.clean_hourly_energy e
        JOIN iceberg.gold.dim_facility d ON d.facility_code = e.facility_code
        JOIN iceberg.gold.fact_solar_environmental f ON f.facility_key = d.facility_key AND f.date_hour = e.date_hour
        WHERE e.energy_mwh IS NOT NULL ORDER BY 1, 2
        """);
}
