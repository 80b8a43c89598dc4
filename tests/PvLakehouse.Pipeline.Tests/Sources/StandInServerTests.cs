using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Sandbox;
using PvLakehouse.Sandbox.Faults;
using PvLakehouse.Sandbox.Plans;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Tests.Sources;

/// <summary>The clients against the project's own stand-in for the APIs, limits and faults included.</summary>
public sealed class StandInServerTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 20, 3, 4, 5, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Farms_of_both_networks_are_listed_and_every_code_asked_for_is_found()
    {
        await using var harness = await StartAsync(SandboxPlan.Unlimited);

        var all = await FarmsAsync(harness, FacilityQuery.AllSolar);
        var two = await FarmsAsync(harness, FacilityQuery.ByCode(["MERSOLAR", "AVLSF", "NOSUCHFARM"]));

        Assert.True(all.Count > 100);
        Assert.Equal(["NEM", "WEM"], [.. all.Select(farm => farm.NetworkId).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
        Assert.Equal(["AVLSF", "MERSOLAR"], [.. two.Select(farm => farm.Code).Order(StringComparer.Ordinal)]);
    }

    [Fact]
    public async Task The_limits_of_the_public_apis_keep_a_read_within_the_free_plan()
    {
        await using var harness = await StartAsync(SandboxPlan.Community, live: true);
        var farms = await EightAsync(harness);
        var window = NetworkWindow.OfDays(NetworkClock.Nem, new(2026, 1, 1), new(2026, 5, 10));

        var energy = await harness.OpenElectricity
            .GetEnergyAsync(new(farms, window), SourceHarness.Batch, Cancel).ToListAsync(Cancel);
        var weather = await harness.OpenMeteo
            .GetWeatherAsync(HourlyQuery.Covering(farms, window), SourceHarness.Batch, Cancel).ToListAsync(Cancel);

        // 130 days: every hour of eight farms, each value telling its hour; and one stamp more for weather.
        Assert.Equal(8 * 130 * 24, energy.Count);
        Assert.All(energy, point => Assert.Equal(CountingData.EnergyOf(point.Stamp), point.EnergyMwh!.Value, 1e-9));
        Assert.Equal(8 * ((130 * 24) + 1), weather.Count);
        Assert.All(weather, row => Assert.Equal(CountingData.WeatherAt(row.Stamp.Start), row.Values[5]!.Value, 1e-9));

        // One request for the facilities and five of up to 32 days: the five that followed each waited 0.55 s.
        Assert.Equal(5, harness.Clock.Waits.Count(wait => wait == TimeSpan.FromSeconds(0.55)));
    }

    [Fact]
    public async Task A_plan_s_shorter_range_is_learned_from_its_refusal()
    {
        await using var harness = await StartAsync(SandboxPlan.Community, live: true, configure: options => options with
        {
            OpenElectricity = options.OpenElectricity with { MaxDays = new(30, 365, 3_650) },
        });
        var farms = await EightAsync(harness);

        var points = await harness.OpenElectricity
            .GetEnergyAsync(
                new(farms, NetworkWindow.OfDays(NetworkClock.Nem, new(2026, 4, 1), new(2026, 5, 3))), SourceHarness.Batch, Cancel)
            .ToListAsync(Cancel);

        Assert.Equal(8 * 33 * 24, points.Count);
        Assert.Equal([32.0, 1.0], harness.Archive.Stored.Skip(1).Select(payload => (payload.To - payload.From)!.Value.TotalDays));
    }

    [Fact]
    public async Task Western_Australia_s_hours_are_true_instants()
    {
        await using var harness = await StartAsync(SandboxPlan.Unlimited);
        var farms = await FarmsAsync(harness, FacilityQuery.ByCode(["MERSOLAR"]));
        var day = NetworkWindow.OfDays(NetworkClock.Wem, new(2026, 3, 1), new(2026, 3, 1));

        var points = await harness.OpenElectricity
            .GetEnergyAsync(new([farms[0].ToSourceFacility()], day), SourceHarness.Batch, Cancel).ToListAsync(Cancel);

        // Midnight in the west is 16:00Z of the day before: hour 1 408 of 2026 (58 days and 16 hours).
        Assert.Equal(("2026-03-01T00:00:00+08:00", 1.408), (points[0].IntervalStart, points[0].EnergyMwh!.Value));
        Assert.Equal(24, points.Count);
    }

    [Fact]
    public async Task Too_old_a_window_is_refused_in_the_server_s_words()
    {
        await using var harness = await StartAsync(SandboxPlan.Community, live: true);
        var farms = await EightAsync(harness);

        var fault = await Assert.ThrowsAsync<SourceException>(async () => await harness.OpenElectricity
            .GetEnergyAsync(
                new(farms, NetworkWindow.OfDays(NetworkClock.Nem, new(2024, 5, 1), new(2024, 5, 3))), SourceHarness.Batch, Cancel)
            .ToListAsync(Cancel));

        Assert.Equal(SourceFault.Refused, fault.Fault);
        Assert.Contains("Your plan allows data from the last 730 days", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_that_pass_lose_no_row_and_double_none()
    {
        var faults = FaultPlan.Parse("429:0.1,500:0.1,503:0.1,truncate:0.15,down:0.1");
        await using var harness = await StartAsync(SandboxPlan.Unlimited, faults: faults, configure: options => options with
        {
            OpenElectricity = options.OpenElectricity with { MaxDays = new(1, 1, 1) },
            OpenMeteo = options.OpenMeteo with { MaxDaysPerRequest = 1 },
            Transport = options.Transport with { RetryCount = 20, Parallelism = 2 },
        });
        var farms = await EightAsync(harness);
        var window = NetworkWindow.OfDays(NetworkClock.Nem, new(2026, 4, 1), new(2026, 4, 30));

        var energy = await harness.OpenElectricity
            .GetEnergyAsync(new(farms, window), SourceHarness.Batch, Cancel).ToListAsync(Cancel);
        var air = await harness.OpenMeteo
            .GetAirQualityAsync(HourlyQuery.Covering(farms, window), SourceHarness.Batch, Cancel).ToListAsync(Cancel);

        Assert.Equal(8 * 30 * 24, energy.Select(point => (point.Series.UnitCode, point.Stamp)).Distinct().Count());
        Assert.Equal(8 * 30 * 24, energy.Count);
        Assert.Equal(8 * 721, air.Select(row => (row.Facility.Code, row.Stamp)).Distinct().Count());
        Assert.Equal(8 * 721, air.Count);
        Assert.Equal(1 + 30 + 31, harness.Archive.Stored.Count);
        Assert.NotEmpty(harness.Clock.Waits);
    }

    [Theory]
    [InlineData("wrongtype:1", SourceFault.BadPayload, "found the text 'unexpected'")]
    [InlineData("malformed:1", SourceFault.Unavailable, "before its JSON does")]
    [InlineData("down:1", SourceFault.Unavailable, "the answer was lost")]
    [InlineData("503:1", SourceFault.Unavailable, "503: Maintenance Mode")]
    public async Task A_fault_that_stays_is_one_sentence(string faults, SourceFault kind, string words)
    {
        await using var harness = await StartAsync(SandboxPlan.Unlimited, faults: FaultPlan.Parse(faults));

        var fault = await Assert.ThrowsAsync<SourceException>(() => EightAsync(harness));

        Assert.Equal(kind, fault.Fault);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.Empty(harness.Archive.Stored);
    }

    [Fact]
    public async Task Compressed_answers_are_read_and_one_cut_short_is_asked_again()
    {
        await using var harness = await StartAsync(
            SandboxPlan.Unlimited, faults: FaultPlan.Parse("truncate:0.5"), configure: options => options with
            {
                OpenMeteo = options.OpenMeteo with { MaxDaysPerRequest = 2 },
                Transport = options.Transport with { Compression = true, RetryCount = 20 },
            });
        var first = UtcHour.StartingAt(new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));

        var rows = await harness.OpenMeteo
            .GetWeatherAsync(new([Bodies.Avonlie], first, first.AddHours(479)), SourceHarness.Batch, Cancel).ToListAsync(Cancel);

        Assert.Equal(Enumerable.Range(0, 480), rows.Select(row => row.Stamp - first));
    }

    private static async Task<SourceHarness> StartAsync(
        SandboxPlan plan, bool live = false, FaultPlan? faults = null, Func<SourceOptions, SourceOptions>? configure = null)
    {
        var clock = new JumpingClock(Now);
        var server = await SandboxServer.StartAsync(
            new(new CountingData()) { Plan = plan, Clock = clock, Faults = faults ?? FaultPlan.None }, Cancel);
        var options = SourceOptions.Sandbox(server.BaseAddress);
        if (live)
        {
            // The public limits, at the stand-in's addresses.
            var limits = SourceOptions.Live(new Secret("free-plan-key"));
            options = options with
            {
                OpenElectricity = limits.OpenElectricity with { BaseAddress = options.OpenElectricity.BaseAddress },
                OpenMeteo = limits.OpenMeteo with
                {
                    ArchiveAddress = options.OpenMeteo.ArchiveAddress,
                    ForecastAddress = options.OpenMeteo.ForecastAddress,
                    AirQualityAddress = options.OpenMeteo.AirQualityAddress,
                },
            };
        }

        return SourceHarness.Over(server, clock, options, configure);
    }

    private static async Task<List<FacilityRecord>> FarmsAsync(SourceHarness harness, FacilityQuery query) =>
        await harness.OpenElectricity.GetFacilitiesAsync(query, SourceHarness.Batch, Cancel).ToListAsync(Cancel);

    private static async Task<IReadOnlyList<SourceFacility>> EightAsync(SourceHarness harness) =>
    [
        .. (await FarmsAsync(harness, FacilityQuery.ByCode(
            ["AVLSF", "BOMENSF", "DARLSF", "EMERASF", "FINLEYSF", "LIMOSF2", "WRSF1", "YATSF1"])))
            .Select(farm => farm.ToSourceFacility()),
    ];
}
