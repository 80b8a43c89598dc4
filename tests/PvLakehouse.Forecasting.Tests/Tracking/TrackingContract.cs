using PvLakehouse.Forecasting.Tracking;

namespace PvLakehouse.Forecasting.Tests.Tracking;

public sealed class EmbeddedTrackingTests() : TrackingContract(StoreKind.Embedded);

public sealed class Mlflow2TrackingTests() : TrackingContract(StoreKind.Mlflow2);

public sealed class Mlflow3TrackingTests() : TrackingContract(StoreKind.Mlflow3);

/// <summary>What every store promises, whether it is in the lake or behind a server.</summary>
public abstract class TrackingContract(StoreKind kind) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private TrackingBench _bench = null!;

    private ITrackingStore Store => _bench.Tracking;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await TrackingBench.OpenAsync(kind);

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Experiment_is_found_by_id_and_by_name()
    {
        var id = await Store.CreateExperimentAsync("day-ahead", Tags(("site", "NYNGAN")), null, Cancel);

        var byId = await Store.GetExperimentAsync(id, Cancel);
        var byName = await Store.FindExperimentAsync("day-ahead", Cancel);

        Assert.Equal(
            (id, "day-ahead", LifecycleStage.Active, "NYNGAN"), (byId.ExperimentId, byId.Name, byId.LifecycleStage, byId.Tags["site"]));
        Assert.Equal(id, byName!.ExperimentId);
        Assert.NotNull(byId.CreationTime);
        Assert.Null(await Store.FindExperimentAsync("week-ahead", Cancel));
        await RefusedAsync(TrackingFault.ResourceDoesNotExist, () => Store.GetExperimentAsync("77", Cancel));
    }

    [Fact]
    public async Task Name_of_an_experiment_is_taken_even_when_it_is_deleted()
    {
        var id = await Store.CreateExperimentAsync("intraday", null, null, Cancel);

        await RefusedAsync(TrackingFault.ResourceAlreadyExists, () => Store.CreateExperimentAsync("intraday", null, null, Cancel));
        await Store.DeleteExperimentAsync(id, Cancel);
        await RefusedAsync(TrackingFault.ResourceAlreadyExists, () => Store.CreateExperimentAsync("intraday", null, null, Cancel));
    }

    [Fact]
    public async Task Experiments_are_searched_by_tag_name_and_view_page_by_page()
    {
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
        {
            await Store.CreateExperimentAsync(name, Tags(("team", name == "c" ? "wind" : "solar")), null, Cancel);
        }

        await Store.DeleteExperimentAsync((await Store.FindExperimentAsync("a", Cancel))!.ExperimentId, Cancel);
        var solar = new SearchQuery { Filter = "tags.team = 'solar'", OrderBy = ["name ASC"], MaxResults = 2 };

        Assert.Equal(["b", "d", "e"], await NamesAsync(solar));
        Assert.Equal(["e", "d", "c", "b"], await NamesAsync(SearchQuery.Everything));
        Assert.Equal(["a"], await NamesAsync(new SearchQuery { ViewType = ViewType.DeletedOnly }));
        Assert.Equal(["a", "b", "d", "e"], await NamesAsync(solar with { ViewType = ViewType.All }));
        Assert.Equal(2, (await Store.SearchExperimentsAsync(solar, Cancel)).Items.Count);

        async Task<List<string>> NamesAsync(SearchQuery query) =>
            await Paging.AllAsync(query, Store.SearchExperimentsAsync, Cancel).Select(e => e.Name).ToListAsync(Cancel);
    }

    [Fact]
    public async Task Deleted_experiment_takes_no_runs_and_comes_back_with_its_own()
    {
        var id = await Store.CreateExperimentAsync("intraday", null, null, Cancel);
        var run = await BeginAsync(id, "first");
        await Store.SetExperimentTagAsync(id, "note", "old", Cancel);
        await Store.RenameExperimentAsync(id, "hourly", Cancel);

        await Store.DeleteExperimentAsync(id, Cancel);
        await RefusedAsync(TrackingFault.InvalidParameterValue, () => BeginAsync(id, "second"));
        Assert.Equal(LifecycleStage.Deleted, (await Store.GetRunAsync(run, Cancel)).Info.LifecycleStage);
        await Store.RestoreExperimentAsync(id, Cancel);

        var restored = await Store.GetExperimentAsync(id, Cancel);
        Assert.Equal(("hourly", "old", LifecycleStage.Active), (restored.Name, restored.Tags["note"], restored.LifecycleStage));
        Assert.Equal(LifecycleStage.Active, (await Store.GetRunAsync(run, Cancel)).Info.LifecycleStage);
    }

    [Fact]
    public async Task Run_begins_with_its_name_and_tags_and_ends_with_its_status()
    {
        var id = await Store.CreateExperimentAsync("intraday", null, null, Cancel);
        var run = await Store.CreateRunAsync(
            new NewRun { ExperimentId = id, RunName = "lgbm", StartTime = Noon, UserId = "etl", Tags = Tags((SystemTags.Note, "**ä**")) },
            Cancel);

        Assert.Equal(
            (RunStatus.Running, Noon, "lgbm", "etl", id),
            (run.Info.Status, run.Info.StartTime, run.Info.RunName, run.Info.UserId, run.Info.ExperimentId));
        Assert.Null(run.Info.EndTime);
        var ended = await Store.UpdateRunAsync(
            run.Info.RunId, new RunUpdate { Status = RunStatus.Finished, EndTime = Noon.AddMilliseconds(1234), RunName = "lgbm-2" },
            Cancel);

        Assert.Equal((RunStatus.Finished, Noon.AddMilliseconds(1234), "lgbm-2"), (ended.Status, ended.EndTime!.Value, ended.RunName));
        var read = await Store.GetRunAsync(run.Info.RunId, Cancel);
        Assert.Equal(ended, read.Info);
        Assert.Equal("lgbm-2", read.Data.Tags[SystemTags.RunName]);
        Assert.Equal("etl", read.Data.Tags[SystemTags.User]);
        Assert.Equal("**ä**", read.Data.Tags[SystemTags.Note]);
        await RefusedAsync(TrackingFault.ResourceDoesNotExist, () => Store.GetRunAsync(new string('0', 32), Cancel));
    }

    [Fact]
    public async Task Nameless_run_gets_a_name()
    {
        var id = await Store.CreateExperimentAsync("intraday", null, null, Cancel);

        Assert.NotEmpty((await Store.CreateRunAsync(new NewRun { ExperimentId = id }, Cancel)).Info.RunName);
    }

    [Fact]
    public async Task Newest_metric_is_that_of_the_highest_step_and_all_are_in_the_history()
    {
        var run = await BeginAsync();

        // Step 2 was logged before step 1, and at step 2 the later instant counts.
        Metric[] logged =
            [new("rmse", 9, Noon, 2), new("rmse", 8, Noon.AddSeconds(1), 2), new("rmse", 12, Noon.AddHours(1), 1), new("rmse", 20, Noon)];
        await Store.LogBatchAsync(run, new RunBatch { Metrics = logged }, Cancel);
        await Store.LogBatchAsync(run, new RunBatch { Metrics = logged }, Cancel);

        Assert.Equal(logged[1], (await Store.GetRunAsync(run, Cancel)).Data.Metrics["rmse"]);
        Assert.Equal(
            [logged[3], logged[2], logged[0], logged[1]], await Store.GetMetricHistoryAsync(run, "rmse", Cancel).ToListAsync(Cancel));
        Assert.Empty(await Store.GetMetricHistoryAsync(run, "mae", Cancel).ToListAsync(Cancel));
        await RefusedAsync(
            TrackingFault.ResourceDoesNotExist,
            async () => await Store.GetMetricHistoryAsync("nobody", "rmse", Cancel).ToListAsync(Cancel));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1e-300)]
    [InlineData(0.1)]
    [InlineData(-17)]
    public async Task Metric_keeps_its_value_to_the_last_digit(double value)
    {
        var run = await BeginAsync();

        await Store.LogBatchAsync(run, new RunBatch { Metrics = [new("x", value, Noon, -3)] }, Cancel);

        Assert.Equal(new Metric("x", value, Noon, -3), (await Store.GetRunAsync(run, Cancel)).Data.Metrics["x"]);
        Assert.Equal(value, (await Store.GetMetricHistoryAsync(run, "x", Cancel).SingleAsync(Cancel)).Value);
    }

    [Fact]
    public async Task Parameter_may_be_logged_again_but_not_changed()
    {
        var run = await BeginAsync();
        await Store.LogBatchAsync(run, new RunBatch { Params = Tags(("leaves", "31"), ("empty", "")) }, Cancel);
        await Store.LogBatchAsync(run, new RunBatch { Params = Tags(("leaves", "31")) }, Cancel);

        await RefusedAsync(TrackingFault.InvalidParameterValue, () => Store.LogBatchAsync(
            run, new RunBatch { Params = Tags(("leaves", "63")), Tags = Tags(("seen", "yes")), Metrics = [new("m", 1, Noon)] }, Cancel));

        var data = (await Store.GetRunAsync(run, Cancel)).Data;
        Assert.Equal(Tags(("leaves", "31"), ("empty", "")), data.Params);
        Assert.DoesNotContain("seen", data.Tags);
        Assert.Empty(data.Metrics);
    }

    [Fact]
    public async Task Tags_change_and_go()
    {
        var run = await BeginAsync();
        await Store.LogBatchAsync(run, new RunBatch { Tags = Tags(("site", "MOREE"), ("state", "new")) }, Cancel);
        await Store.LogBatchAsync(run, new RunBatch { Tags = Tags(("state", "old")) }, Cancel);
        await Store.DeleteRunTagAsync(run, "site", Cancel);

        var tags = (await Store.GetRunAsync(run, Cancel)).Data.Tags;
        Assert.Equal("old", tags["state"]);
        Assert.DoesNotContain("site", tags);
        await RefusedAsync(TrackingFault.ResourceDoesNotExist, () => Store.DeleteRunTagAsync(run, "site", Cancel));
    }

    [Fact]
    public async Task Batch_larger_than_a_server_takes_at_once_is_logged_whole()
    {
        var run = await BeginAsync();
        var batch = new RunBatch
        {
            Metrics = [.. Enumerable.Range(0, 2500).Select(i => new Metric("loss", i, Noon, i))],

            // 250 parameters of 6,000 characters that JSON writes as six each: 9 MB.
            Params = Enumerable.Range(0, 250).ToDictionary(i => $"p{i}", i => new string('ü', 6000)),
            Tags = Enumerable.Range(0, 150).ToDictionary(i => $"t{i}", i => $"{i}"),
        };

        await Store.LogBatchAsync(run, batch, Cancel);

        var data = (await Store.GetRunAsync(run, Cancel)).Data;
        Assert.Equal(batch.Params, data.Params);
        Assert.Equal(2499, data.Metrics["loss"].Value);
        Assert.Equal(batch.Metrics, await Store.GetMetricHistoryAsync(run, "loss", Cancel).ToListAsync(Cancel));
        Assert.All(batch.Tags, t => Assert.Equal(t.Value, data.Tags[t.Key]));
    }

    [Theory]
    [InlineData("a/../b")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("")]
    [InlineData("naïve;drop")]
    public async Task Key_that_could_not_be_a_file_name_is_refused(string key)
    {
        var run = await BeginAsync();

        await RefusedAsync(
            TrackingFault.InvalidParameterValue, () => Store.LogBatchAsync(run, new RunBatch { Params = Tags((key, "1")) }, Cancel));
        await RefusedAsync(
            TrackingFault.InvalidParameterValue, () => Store.LogBatchAsync(run, new RunBatch { Metrics = [new(key, 1, Noon)] }, Cancel));
        await RefusedAsync(
            TrackingFault.InvalidParameterValue, () => Store.LogBatchAsync(run, new RunBatch { Tags = Tags((key, "1")) }, Cancel));
    }

    [Fact]
    public async Task Texts_that_are_too_long_are_refused()
    {
        var run = await BeginAsync();

        await RefusedAsync(
            TrackingFault.InvalidParameterValue, () => Store.LogBatchAsync(
                run, new RunBatch { Params = Tags(("p", new string('x', 6001))) }, Cancel));
        await RefusedAsync(
            TrackingFault.InvalidParameterValue, () => Store.LogBatchAsync(
                run, new RunBatch { Tags = Tags(("t", new string('x', 5001))) }, Cancel));
        await RefusedAsync(
            TrackingFault.InvalidParameterValue, () => Store.LogBatchAsync(
                run, new RunBatch { Tags = Tags((new string('x', 251), "")) }, Cancel));
        await Store.LogBatchAsync(run, new RunBatch { Params = Tags((new string('x', 250), new string('x', 6000))) }, Cancel);
    }

    [Fact]
    public async Task Deleted_run_takes_nothing_and_is_found_only_among_the_deleted()
    {
        var id = await Store.CreateExperimentAsync("intraday", null, null, Cancel);
        var run = await BeginAsync(id, "gone");
        await Store.DeleteRunAsync(run, Cancel);

        await RefusedAsync(
            TrackingFault.InvalidParameterValue, () => Store.LogBatchAsync(run, new RunBatch { Params = Tags(("a", "1")) }, Cancel));
        await RefusedAsync(
            TrackingFault.InvalidParameterValue, () => Store.UpdateRunAsync(run, new RunUpdate { Status = RunStatus.Finished }, Cancel));
        await RefusedAsync(TrackingFault.InvalidParameterValue, () => Store.UploadArtifactAsync(run, "a.txt", Stream.Null, Cancel));
        Assert.Empty((await Store.SearchRunsAsync([id], SearchQuery.Everything, Cancel)).Items);
        Assert.Single((await Store.SearchRunsAsync([id], new SearchQuery { ViewType = ViewType.DeletedOnly }, Cancel)).Items);
        await Store.RestoreRunAsync(run, Cancel);
        Assert.Single((await Store.SearchRunsAsync([id], SearchQuery.Everything, Cancel)).Items);
    }

    private static Dictionary<string, string> Tags(params (string Key, string Value)[] pairs) =>
        pairs.ToDictionary(p => p.Key, p => p.Value);

    private static async Task RefusedAsync(TrackingFault fault, Func<Task> act)
    {
        var refusal = await Assert.ThrowsAsync<TrackingException>(act);
        Assert.Equal(fault, refusal.Fault);
    }

    private async Task<string> BeginAsync() => await BeginAsync(await Store.CreateExperimentAsync("intraday", null, null, Cancel), "run");

    private async Task<string> BeginAsync(string experiment, string name) =>
        (await Store.CreateRunAsync(new NewRun { ExperimentId = experiment, RunName = name, StartTime = Noon }, Cancel)).Info.RunId;
}
