using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Scoring;
using PvLakehouse.Forecasting.Tests.Lakes;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Training;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting.Tests.Scoring;

/// <summary>
/// A lake of one farm in each market up to 11 February 2025, and a trained champion of the next day.
/// </summary>
public sealed class IssuingLake : IAsyncLifetime
{
    private FarmLake? _farms;
    private TrackedFolder? _tracked;

    /// <summary>When the newest issue of both markets has been.</summary>
    public static DateTimeOffset Newest { get; } = new(2025, 2, 11, 3, 0, 0, TimeSpan.Zero);

    public FarmLake Farms => _farms!;

    public Lake Lake => Farms.Files.Lake;

    public TrackingServices Services => _tracked!.Services;

    public static IssueRequest Request(DateTimeOffset at) => new()
    {
        Horizon = Horizon.DayAheadMorning,
        Issued = IssueWindow.Newest(Horizon.DayAheadMorning, at),
    };

    public async ValueTask InitializeAsync()
    {
        _tracked = await TrackedFolder.CreateAsync();
        _farms = await FarmLake.CreateAsync([SimulatedLake.Nem, SimulatedLake.Wem]);
        await Farms.LoadAsync(new(new(2025, 1, 1), new(2025, 2, 11)));
        await new FeatureBuilder(Lake, FeatureCatalogue.Default).WriteAsync(
            new() { Horizons = [Horizon.DayAheadMorning] }, TestContext.Current.CancellationToken);
        await TrainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _tracked!.DisposeAsync();
        await Farms.DisposeAsync();
    }

    public Task<IssueOutcome> IssueAsync(DateTimeOffset at) =>
        new ForecastIssuer(Lake, Services).RunAsync(Request(at), TestContext.Current.CancellationToken);

    public Task<TrainingOutcome> TrainAsync() => new TrainingRun(Lake, Services).RunAsync(
        new() { Horizon = Horizon.DayAheadMorning, Learner = new() { Learner = "ridge" } }, say: null, TestContext.Current.CancellationToken);

    public Task<string[]> RowsAsync(string sql) => Farms.Files.RowsAsync(sql);
}
