using System.Reflection;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Tests.Lakes;

namespace PvLakehouse.Forecasting.Tests.Features;

/// <summary>What was not known when a forecast was issued trains and scores nothing.</summary>
public sealed class LeakageGuardTests(SimulatedLake lake)
{
    private static readonly FeatureRequest Week = new()
    {
        From = new(2025, 2, 1, 0, 0, 0, TimeSpan.Zero),
        To = new(2025, 2, 8, 0, 0, 0, TimeSpan.Zero),
        Horizons = [Horizon.DayAheadMorning],
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_features_of_the_predecessor_are_refused_and_named()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream($"{typeof(LeakageGuardTests).Namespace}.predecessor.json")!);
        var set = FeatureSetFile.Parse(await reader.ReadToEndAsync(Token), "predecessor.json");

        var refused = await Assert.ThrowsAsync<LeakageException>(() => WriteAsync(set, Week));

        // Everything but what the calendar says and the energy of a week before; the energy of a day before is known at 10:00 for hours until 10:00 only.
        Assert.Equal(
            [
                "energy_mwh", "intervals_count", "completeness_pct", "temperature_2m", "cloud_cover", "shortwave_radiation", "direct_radiation",
                "diffuse_radiation", "wind_speed_10m", "radiation_temp_interaction", "cloud_radiation_ratio", "hour_radiation_interaction",
                "shortwave_radiation_sq", "energy_lag_1h", "energy_lag_24h", "is_production_hour", "is_low_energy_period",
            ],
            refused.Leaks.Select(leak => leak.Feature));
        Assert.Contains("energy_lag_1h (", refused.Message, StringComparison.Ordinal);
        Assert.Contains("day_ahead_10", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    // Of a forecast issued at 10:00, the last hour with sun of the next day begins at 19:00 or 20:00 in February, 35 h after the issue at its end: the
    // same hour a day before ends 11 h after the issue, that of two days before is known.
    [InlineData("energy_mwh", -24, true)]
    [InlineData("energy_mwh", -48, false)]
    // The analysis of the weather comes five days late: the hour of six days before is known 11 h after the issue, that of seven days before in time.
    [InlineData("shortwave_radiation", -144, true)]
    [InlineData("shortwave_radiation", -168, false)]
    // That of the air a day late.
    [InlineData("pm2_5", -48, true)]
    [InlineData("pm2_5", -72, false)]
    public async Task A_measured_value_is_known_so_long_after_its_hour(string quantity, int offset, bool isRefused)
    {
        var set = new FeatureSet("one", [new("past", "1", FeatureCategory.Lag, "past", new FeatureSource.Measured(MeasuredQuantity.Of(quantity), offset))]);
        var request = Week with { Facilities = [SimulatedLake.Nem] };

        if (isRefused)
        {
            var leak = Assert.Single((await Assert.ThrowsAsync<LeakageException>(() => WriteAsync(set, request))).Leaks);
            Assert.InRange(leak.Late.TotalHours, 10, 12);
        }
        else
        {
            await new FeatureBuilder(lake.Lake, set).OfIssuesAsync(
                Horizon.DayAheadMorning, request with { Issued = IssueWindow.Newest(Horizon.DayAheadMorning, Week.From!.Value) }, Token);
        }
    }

    [Fact]
    public async Task Energy_of_the_WEM_is_known_a_day_later()
    {
        var set = new FeatureSet("one", [new("past", "1", FeatureCategory.Lag, "past", new FeatureSource.Measured(MeasuredQuantity.Of("energy_mwh"), -48))]);

        var refused = await Assert.ThrowsAsync<LeakageException>(() => WriteAsync(set, Week with { Facilities = [SimulatedLake.Wem] }));

        Assert.InRange(Assert.Single(refused.Leaks).Late.TotalHours, 10, 12);
    }

    [Fact]
    public async Task What_a_formula_hides_is_found()
    {
        var set = new FeatureSet("hidden",
        [
            new("answer", "1", FeatureCategory.Lag, "answer", new FeatureSource.Measured(MeasuredQuantity.Of("energy_share"), 0)) { IsLearned = false },
            new("halved", "1", FeatureCategory.Lag, "halved", new FeatureSource.Derived("answer / 2", ["answer"])) { IsLearned = false },
            new("guess", "1", FeatureCategory.Lag, "guess", new FeatureSource.Derived("halved * 2", ["halved"])),
        ]);

        var refused = await Assert.ThrowsAsync<LeakageException>(() => WriteAsync(set, Week));

        Assert.Equal(["answer", "halved", "guess"], refused.Leaks.Select(leak => leak.Feature));
    }

    [Theory]
    [InlineData("target_share")]
    [InlineData("energy_share")]
    [InlineData("sun_elevation")]
    [InlineData("(SELECT max(energy_mwh) FROM measured)")]
    public async Task A_formula_cannot_name_what_it_does_not_list(string formula)
    {
        var set = new FeatureSet("sly",
        [
            new("day", "1", FeatureCategory.Calendar, "day", new FeatureSource.Measured(MeasuredQuantity.Of("energy_share"), -168)),
            new("guess", "1", FeatureCategory.Lag, "guess", new FeatureSource.Derived(formula, ["day"])),
        ]);

        var refused = await Assert.ThrowsAsync<ForecastingException>(() => WriteAsync(set, Week));

        Assert.Contains("The formula of the feature 'guess'", refused.Message, StringComparison.Ordinal);
    }

    private Task<FeatureBuild> WriteAsync(FeatureSet set, FeatureRequest request) => new FeatureBuilder(lake.Lake, set).WriteAsync(request, Token);
}
