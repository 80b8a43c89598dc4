using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.TestServers.Mlflow;

namespace PvLakehouse.Forecasting.Tests.Tracking;

/// <summary>Runs whose process is gone; a store that was disposed stands for a process that ended.</summary>
public sealed class AbandonedRunTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Embedded)]
    [InlineData(StoreKind.Mlflow2)]
    [InlineData(StoreKind.Mlflow3)]
    public async Task Runs_of_the_dead_are_closed_and_those_of_the_living_are_not(StoreKind kind)
    {
        await using var bench = await TrackingBench.OpenAsync(kind);
        var experiment = await bench.Tracking.CreateExperimentAsync("e", null, null, Cancel);
        string dead, ended, foreign;
        await using (var other = await OpenAsync(bench))
        {
            dead = await BeginAsync(other, experiment);
            ended = await BeginAsync(other, experiment);
            var elsewhere = new NewRun { ExperimentId = experiment, LivesInThisProcess = false };
            foreign = (await other.Tracking.CreateRunAsync(elsewhere, Cancel)).Info.RunId;
            await other.Tracking.UpdateRunAsync(ended, new RunUpdate { Status = RunStatus.Failed }, Cancel);
        }

        await using var neighbour = await OpenAsync(bench);
        var living = await BeginAsync(neighbour, experiment);
        var own = await BeginAsync(bench.Services, experiment);

        Assert.Equal([dead], await bench.Tracking.CloseAbandonedRunsAsync(Cancel));
        Assert.Empty(await bench.Tracking.CloseAbandonedRunsAsync(Cancel));

        Assert.Equal(RunStatus.Killed, await StatusAsync(dead));
        Assert.NotNull((await bench.Tracking.GetRunAsync(dead, Cancel)).Info.EndTime);
        Assert.Equal(RunStatus.Failed, await StatusAsync(ended));
        Assert.Equal(
            [RunStatus.Running, RunStatus.Running, RunStatus.Running],
            new[] { await StatusAsync(foreign), await StatusAsync(living), await StatusAsync(own) });

        async Task<RunStatus> StatusAsync(string run) => (await bench.Tracking.GetRunAsync(run, Cancel)).Info.Status;
    }

    [Fact]
    public async Task Lake_and_server_look_after_their_own_runs_in_one_folder()
    {
        await using var server = await MlflowServer.StartAsync();
        await using var bench = await TrackingBench.OpenAsync(server);
        var inServer = await bench.Tracking.CreateExperimentAsync("e", null, null, Cancel);
        string abandoned;
        await using (var other = await OpenAsync(bench))
        {
            abandoned = await BeginAsync(other, inServer);
        }

        await using (var lake = await TrackingServices.OpenAsync(
            TrackingAddress.Embedded, TrackingBench.OptionsOf(bench.Folder), null, Cancel))
        {
            Assert.Empty(await lake.Tracking.CloseAbandonedRunsAsync(Cancel));
        }

        Assert.Equal([abandoned], await bench.Tracking.CloseAbandonedRunsAsync(Cancel));
        Assert.Empty(server.Slips);
    }

    private static Task<TrackingServices> OpenAsync(TrackingBench bench) => TrackingServices.OpenAsync(
        bench.Tracking.Address.StartsWith("http", StringComparison.Ordinal)
            ? new TrackingAddress(new Uri(bench.Tracking.Address)) : TrackingAddress.Embedded,
        TrackingBench.OptionsOf(bench.Folder),
        null,
        Cancel);

    private static async Task<string> BeginAsync(TrackingServices services, string experiment) =>
        (await services.Tracking.CreateRunAsync(new NewRun { ExperimentId = experiment }, Cancel)).Info.RunId;
}
