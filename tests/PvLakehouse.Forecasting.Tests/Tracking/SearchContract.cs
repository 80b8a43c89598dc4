using PvLakehouse.Forecasting.Tracking;

namespace PvLakehouse.Forecasting.Tests.Tracking;

public sealed class EmbeddedSearchTests() : SearchContract(StoreKind.Embedded);

public sealed class Mlflow2SearchTests() : SearchContract(StoreKind.Mlflow2);

public sealed class Mlflow3SearchTests() : SearchContract(StoreKind.Mlflow3);

/// <summary>What filters find, the same in every store.</summary>
public abstract class SearchContract(StoreKind kind) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private TrackingBench _bench = null!;
    private string _experiment = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Four runs, begun a minute after each other; "bare" logged nothing.</summary>
    public async ValueTask InitializeAsync()
    {
        _bench = await TrackingBench.OpenAsync(kind);
        _experiment = await _bench.Tracking.CreateExperimentAsync("search", null, null, Cancel);
        await LogAsync("lgbm", 0, rmse: 0.08, learner: "lightgbm", site: "NYNGAN", RunStatus.Finished);
        await LogAsync("ridge", 1, rmse: 0.12, learner: "ridge", site: "Moree", RunStatus.Finished);
        await LogAsync("broken", 2, rmse: double.NaN, learner: "ridge", site: "MOREE", RunStatus.Failed);
        await _bench.Tracking.CreateRunAsync(
            new NewRun { ExperimentId = _experiment, RunName = "bare", StartTime = Noon.AddMinutes(3) }, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("", "bare broken ridge lgbm")]
    [InlineData("metrics.rmse < 0.1", "lgbm")]
    [InlineData("metrics.rmse >= 0.08", "ridge lgbm")]
    [InlineData("metrics.rmse > 0.08", "ridge")]
    [InlineData("metrics.rmse <= 1e-1", "lgbm")]
    [InlineData("metrics.rmse = 0.12", "ridge")]
    [InlineData("metrics.rmse != 0.12", "broken lgbm")]
    [InlineData("metric.rmse > -1", "ridge lgbm")]
    [InlineData("metrics.`val/rmse at 10` = 1", "broken ridge lgbm")]
    [InlineData("metrics.\"val/rmse at 10\" > 1", "")]
    [InlineData("params.learner = 'ridge'", "broken ridge")]
    [InlineData("params.learner != 'ridge'", "lgbm")]
    [InlineData("params.learner LIKE 'li%'", "lgbm")]
    [InlineData("params.learner = \"it's\"", "")]
    [InlineData("tags.site LIKE 'M%E'", "broken")]
    [InlineData("tags.site LIKE 'M____'", "broken ridge")]
    [InlineData("tags.site ILIKE 'm%E'", "broken ridge")]
    [InlineData("tags.site LIKE '%[O]%'", "")]
    [InlineData("tags.mlflow.runName = 'lgbm'", "lgbm")]
    [InlineData("attributes.status = 'FINISHED'", "ridge lgbm")]
    [InlineData("status != 'FINISHED'", "bare broken")]
    [InlineData("attributes.run_name IN ('lgbm', 'bare')", "bare lgbm")]
    [InlineData("run_name NOT IN ('lgbm', 'bare')", "broken ridge")]
    [InlineData("attributes.start_time > 1795348800000", "bare broken ridge")]
    [InlineData("metrics.rmse > 0 and params.learner = 'ridge' AND tags.site LIKE 'M%'", "ridge")]
    public async Task Filter_finds_the_runs_that_fulfil_it(string filter, string names) =>
        Assert.Equal(names, await NamesAsync(new SearchQuery { Filter = filter }));

    [Theory]
    [InlineData("metrics.rmse ASC", "lgbm ridge bare broken")]
    [InlineData("metrics.rmse DESC", "ridge lgbm bare broken")]
    [InlineData("params.learner", "lgbm broken ridge bare")]
    [InlineData("attributes.start_time ASC", "lgbm ridge broken bare")]
    [InlineData("tags.`site` DESC", "lgbm ridge broken bare")]
    [InlineData("end_time ASC", "lgbm ridge broken bare")]
    public async Task Runs_come_in_the_order_asked_for_and_those_without_the_value_last(string order, string names)
    {
        if (kind != StoreKind.Embedded && order.StartsWith("metrics", StringComparison.Ordinal))
        {
            // Where servers put what is not a number depends on their database.
            names = names.Replace(" bare broken", "", StringComparison.Ordinal);
            Assert.Equal(names, await NamesAsync(new SearchQuery { OrderBy = [order], Filter = "metrics.rmse > 0" }));
            return;
        }

        Assert.Equal(names, await NamesAsync(new SearchQuery { OrderBy = [order] }));
    }

    [Theory]
    [InlineData("metrics.rmse > 0 or params.a = '1'")]
    [InlineData("metrics.rmse > 'high'")]
    [InlineData("params.learner > 3")]
    [InlineData("params.learner = 3")]
    [InlineData("attributes.colour = 'red'")]
    [InlineData("dataset.name = 'x'")]
    [InlineData("params.learner = 'open")]
    [InlineData("params.learner 'x'")]
    [InlineData("metrics.rmse >")]
    [InlineData("params.learner = 'a' params.b = 'c'")]
    [InlineData("; DROP TABLE runs")]
    public async Task Filter_that_is_not_of_the_language_is_refused(string filter)
    {
        var refusal = await Assert.ThrowsAsync<TrackingException>(() => NamesAsync(new SearchQuery { Filter = filter }));

        Assert.Equal(TrackingFault.InvalidParameterValue, refusal.Fault);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gaps()
    {
        var first = await SearchAsync(new SearchQuery { MaxResults = 3 });
        var second = await SearchAsync(new SearchQuery { MaxResults = 3, PageToken = first.NextPageToken });

        Assert.Equal(["bare", "broken", "ridge"], first.Items.Select(r => r.Info.RunName));
        Assert.Equal(["lgbm"], second.Items.Select(r => r.Info.RunName));
        Assert.Null(second.NextPageToken);
    }

    [Fact]
    public async Task Runs_of_other_experiments_are_left_out()
    {
        var other = await _bench.Tracking.CreateExperimentAsync("other", null, null, Cancel);

        Assert.Empty((await _bench.Tracking.SearchRunsAsync([other], SearchQuery.Everything, Cancel)).Items);
        Assert.Equal(4, (await _bench.Tracking.SearchRunsAsync([other, _experiment], SearchQuery.Everything, Cancel)).Items.Count);
    }

    private Task<Page<Run>> SearchAsync(SearchQuery query) => _bench.Tracking.SearchRunsAsync([_experiment], query, Cancel);

    private async Task<string> NamesAsync(SearchQuery query) =>
        string.Join(' ', (await SearchAsync(query)).Items.Select(r => r.Info.RunName));

    private async Task LogAsync(string name, int minute, double rmse, string learner, string site, RunStatus status)
    {
        var begin = Noon.AddMinutes(minute);
        var run = await _bench.Tracking.CreateRunAsync(
            new NewRun { ExperimentId = _experiment, RunName = name, StartTime = begin }, Cancel);
        await _bench.Tracking.LogBatchAsync(
            run.Info.RunId,
            new RunBatch
            {
                Metrics = [new("rmse", rmse, begin), new("val/rmse at 10", 1, begin)],
                Params = new Dictionary<string, string> { ["learner"] = learner },
                Tags = new Dictionary<string, string> { ["site"] = site },
            },
            Cancel);
        await _bench.Tracking.UpdateRunAsync(run.Info.RunId, new RunUpdate { Status = status, EndTime = begin.AddSeconds(30) }, Cancel);
    }
}
