using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Tests.Sources;
using static PvLakehouse.Pipeline.Tests.Ingest.EarlierDays;

namespace PvLakehouse.Pipeline.Tests.Ingest;

/// <summary>What is said before a load is what the load then does.</summary>
public sealed class LoadPlanTests : IAsyncLifetime
{
    private FedLake? _fed;

    private FedLake Fed => _fed!;

    public async ValueTask InitializeAsync()
    {
        _fed = await FedLake.StartAsync(Requested);
        Fed.Configure = options => options with { OpenElectricity = options.OpenElectricity with { MaxDays = new(2, 2, 2) } };
    }

    public ValueTask DisposeAsync() => Fed.DisposeAsync();

    [Fact]
    public async Task A_first_load_is_planned_from_assumed_farms_and_writes_nothing()
    {
        var plan = await Fed.PlanAsync(TenDays);

        // Ten days of two farms in requests of two days; 21 and 9 variables over the eleven UTC days that ten days of the NEM touch:
        // 2 x 2.1 and 2 x 1 call weights (up to 14 days weigh what one does).
        Assert.Equal(
            ["facilities 1 1 2", "facility_timeseries 5 5 480", "facility_weather 1 4.2 480", "facility_air_quality 1 2 480"],
            plan.Loads.Select(load => FormattableString.Invariant($"{load.Dataset} {load.Requests} {load.Cost} {load.Rows}")));
        Assert.Equal(["AVLSF", "EMERASF"], plan.Assumed);
        Assert.Empty(Fed.Asked);
        Assert.Null(await Fed.Lake.Lake.Tables.FindAsync(RawFacilities.Contract, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_was_planned_is_what_is_asked()
    {
        await Fed.BronzeAsync("facilities", TenDays);
        foreach (var request in (IngestRequest[])[TenDays, TenDays with { Interval = EnergyResolution.FiveMinutes }, new() { Mode = IngestMode.Incremental }])
        {
            var plan = await Fed.PlanAsync(request);
            var asked = Fed.Asked.Count;
            await Fed.LoadAsync(request);

            Assert.Equal(plan.Loads.Sum(load => load.Requests), Fed.Asked.Count - asked);
            Assert.All((await Fed.PlanAsync(request)).Loads, load => Assert.Equal((0, 0, 0), (load.Requests, load.Cost, load.Rows)));
        }
    }

    [Fact]
    public async Task What_an_interrupted_load_has_asked_is_not_planned_again()
    {
        await Fed.BronzeAsync("facilities", TenDays);
        var answered = Fed.Answered.Count;
        Fed.Spoil = _ => Fed.Answered.Count >= answered + 2 ? StubAnswer.Of(500, "{}") : null;
        await Assert.ThrowsAsync<Pipeline.Sources.SourceException>(() => Fed.BronzeAsync("facility_timeseries", TenDays));

        Assert.Equal(3, (await Fed.PlanAsync(TenDays)).Loads.Single(load => load.Dataset == "facility_timeseries").Requests);
    }

    [Fact]
    public async Task A_plan_beyond_a_budget_says_on_how_many_days()
    {
        var days = Fed.Configure;
        Fed.Configure = options => days(options) with
        {
            OpenElectricity = days(options).OpenElectricity with { CreditsPerDay = 3 },
            OpenMeteo = options.OpenMeteo with { WeightPerMonth = 3 },
        };
        await Fed.BronzeAsync("facilities", TenDays);

        var plan = await Fed.PlanAsync(TenDays);

        // One of three credits is spent: two today, three tomorrow. Of 6.2 weights three fit this month, three the next, and the rest the third.
        Assert.Equal(
            ["OpenElectricity 5 2 3 2", "Open-Meteo 6.2 3 3 61"],
            plan.Budgets.Select(budget => FormattableString.Invariant(
                $"{budget.Provider} {budget.Cost} {budget.Limits[0].Left} {budget.Limits[0].Limit} {budget.Days}")));
    }
}
