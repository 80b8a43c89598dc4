using System.Net;
using System.Net.Sockets;
using System.Text;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Tracking.Mlflow;
using PvLakehouse.TestServers.Mlflow;

namespace PvLakehouse.Forecasting.Tests.Tracking;

/// <summary>What the client does when a server, or the way to it, fails.</summary>
public sealed class MlflowFaultTests : IAsyncLifetime
{
    private readonly SkippingTime _time = new();
    private MlflowServer _server = null!;
    private TrackingBench _bench = null!;
    private string _experiment = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ITrackingStore Store => _bench.Tracking;

    public static TheoryData<MlflowFault> LostAnswers => new(
        [MlflowFault.LostAnswer, MlflowFault.CutAnswer, MlflowFault.LateGateway, MlflowFault.Unavailable]);

    public async ValueTask InitializeAsync()
    {
        _server = await MlflowServer.StartAsync();
        _bench = await TrackingBench.OpenAsync(_server, new MlflowOptions(), _time);
        _experiment = await Store.CreateExperimentAsync("e", null, null, Cancel);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [MemberData(nameof(LostAnswers))]
    public async Task Run_is_made_once_although_the_answer_was_lost(MlflowFault fault)
    {
        _server.Break("POST mlflow/runs/create", fault);

        var run = await Store.CreateRunAsync(new NewRun { ExperimentId = _experiment, RunName = "r" }, Cancel);

        Assert.Equal(1, _server.RunCount);
        Assert.Equal("r", (await Store.GetRunAsync(run.Info.RunId, Cancel)).Info.RunName);
    }

    [Fact]
    public async Task Run_is_made_once_although_answers_are_lost_again_and_again()
    {
        _server.Break("POST mlflow/runs/create", MlflowFault.Unavailable, MlflowFault.TooMany(1), MlflowFault.LostAnswer);
        _server.Break("POST mlflow/runs/search", MlflowFault.CutAnswer, MlflowFault.Unavailable);

        await Store.CreateRunAsync(new NewRun { ExperimentId = _experiment }, Cancel);

        Assert.Equal(1, _server.RunCount);
    }

    [Theory]
    [MemberData(nameof(LostAnswers))]
    public async Task Everything_else_that_is_made_is_made_once_too(MlflowFault fault)
    {
        _server.Break("POST mlflow/experiments/create", fault);
        _server.Break("POST mlflow/registered-models/create", fault);
        _server.Break("POST mlflow/model-versions/create", fault);
        _server.Break("POST mlflow/registered-models/rename", fault);

        await Store.CreateExperimentAsync("once", null, null, Cancel);
        var run = await BeginAsync();
        await UploadAsync(run, "model/MLmodel", "x");
        await _bench.Registry.CreateRegisteredModelAsync("m", null, null, Cancel);
        var version = await _bench.Registry.CreateModelVersionAsync(new NewModelVersion { Name = "m", RunId = run }, Cancel);
        await _bench.Registry.RenameRegisteredModelAsync("m", "n", Cancel);

        Assert.Equal(("m", 1), (version.Name, version.Version));
        Assert.Equal("n", Assert.Single((await _bench.Registry.SearchModelVersionsAsync(SearchQuery.Everything, Cancel)).Items).Name);
    }

    [Fact]
    public async Task Name_that_somebody_else_took_is_refused_although_our_answer_was_lost()
    {
        await _bench.Registry.CreateRegisteredModelAsync("m", null, null, Cancel);
        _server.Break("POST mlflow/registered-models/create", MlflowFault.Unavailable);
        _server.Break("POST mlflow/experiments/create", MlflowFault.LostAnswer);

        await FaultAsync(
            TrackingFault.ResourceAlreadyExists, "m", () => _bench.Registry.CreateRegisteredModelAsync("m", null, null, Cancel));
        await FaultAsync(TrackingFault.ResourceAlreadyExists, "e", () => Store.CreateExperimentAsync("e", null, null, Cancel));
    }

    [Theory]
    [MemberData(nameof(LostAnswers))]
    public async Task What_may_be_repeated_is_repeated(MlflowFault fault)
    {
        var run = await BeginAsync();
        foreach (var request in new[]
        {
            "POST mlflow/runs/log-batch", "POST mlflow/runs/update", "POST mlflow/runs/delete-tag", "POST mlflow/runs/delete",
            "POST mlflow/experiments/delete", "PUT mlflow-artifacts", "GET mlflow-artifacts", "GET mlflow/runs/get",
        })
        {
            _server.Break(request, fault);
        }

        await Store.LogBatchAsync(
            run, new RunBatch { Metrics = [new("m", 1, DateTimeOffset.UnixEpoch)], Tags = new Dictionary<string, string> { ["t"] = "1" } },
            Cancel);
        await Store.UpdateRunAsync(run, new RunUpdate { Status = RunStatus.Finished }, Cancel);
        await Store.DeleteRunTagAsync(run, "t", Cancel);
        await UploadAsync(run, "a.txt", "artifact");
        using var reader = new StreamReader(await Store.OpenArtifactAsync(run, "a.txt", Cancel));
        Assert.Equal("artifact", await reader.ReadToEndAsync(Cancel));
        Assert.Single(await Store.GetMetricHistoryAsync(run, "m", Cancel).ToListAsync(Cancel));
        await Store.DeleteRunAsync(run, Cancel);
        await Store.DeleteExperimentAsync(_experiment, Cancel);

        Assert.Equal(LifecycleStage.Deleted, (await Store.GetExperimentAsync(_experiment, Cancel)).LifecycleStage);
    }

    [Fact]
    public async Task Server_that_asks_to_wait_is_asked_again_after_that_time()
    {
        _server.Break("GET mlflow/experiments/get", MlflowFault.TooMany(7));

        await Store.GetExperimentAsync(_experiment, Cancel);

        Assert.Equal([TimeSpan.FromSeconds(7)], _time.Waits);
    }

    [Fact]
    public async Task Server_that_asks_to_wait_too_long_is_not_waited_for()
    {
        _server.Break("GET mlflow/experiments/get", MlflowFault.TooMany(3600));

        await FaultAsync(TrackingFault.TemporarilyUnavailable, "asks to wait 3600 s", () => Store.GetExperimentAsync(_experiment, Cancel));
    }

    [Fact]
    public async Task Server_that_keeps_failing_is_given_up_after_the_retries()
    {
        _server.Break("GET mlflow/runs/get", [.. Enumerable.Repeat(MlflowFault.Unavailable, 6)]);

        await FaultAsync(TrackingFault.TemporarilyUnavailable, "HTTP 503", () => Store.GetRunAsync("r", Cancel));

        Assert.Equal(6, _server.Requests.Count(r => r == "GET mlflow/runs/get"));
        Assert.Equal(5, _time.Waits.Count);
    }

    [Theory]
    [InlineData("INTERNAL_ERROR", 2)]
    [InlineData("INVALID_STATE", 1)]
    public async Task Failure_that_will_never_pass_is_not_asked_again(string code, int requests)
    {
        _server.Break("GET mlflow/experiments/get", MlflowFault.Error(500, code, "no."));

        var failure = await Record.ExceptionAsync(() => Store.GetExperimentAsync(_experiment, Cancel));

        Assert.Equal(requests, _server.Requests.Count(r => r == "GET mlflow/experiments/get"));
        Assert.Equal(requests == 1 ? TrackingFault.InvalidState : null, (failure as TrackingException)?.Fault);
    }

    [Theory]
    [InlineData(403, "text/plain", "Invalid Host header - possible DNS rebinding attack "
        + "detected", TrackingFault.PermissionDenied, "--allowed-hosts \"127.0.0.1:")]
    [InlineData(403, "text/plain", "Permission denied", TrackingFault.PermissionDenied, "does not allow GET mlflow/experiments/get: "
        + "Permission denied")]
    [InlineData(401, "text/plain", "You are not authenticated.", TrackingFault.Unauthenticated, "MLFLOW_TRACKING_TOKEN")]
    [InlineData(404, "text/html", "<html>nginx</html>", TrackingFault.EndpointNotFound, "version 2.4 or newer")]
    [InlineData(404, "application/json", """{"error_code": "NOT_IMPLEMENTED", "message": "no"}""", TrackingFault.EndpointNotFound,
        "no (NOT_IMPLEMENTED)")]
    [InlineData(302, "text/html", "", TrackingFault.NotSetUp, "redirects")]
    [InlineData(200, "text/html", "<html>Log in</html>", TrackingFault.InternalError, "is it an MLflow server")]
    [InlineData(200, "application/json", "[1]", TrackingFault.InternalError, "is it an MLflow server")]
    [InlineData(200, "application/json", """{"experiment": {"name": "no id"}}""", TrackingFault.InternalError, "is it an MLflow server")]
    [InlineData(418, "application/json", """{"error_code": "TEAPOT", "message": "a\nb"}""", TrackingFault.InternalError, "HTTP 418: a b")]
    public async Task Answer_that_is_no_success_becomes_one_sentence(int status, string type, string body, TrackingFault fault, string part)
    {
        _server.Break("GET mlflow/experiments/get", MlflowFault.Answer(status, type, body));

        await FaultAsync(fault, part, () => Store.GetExperimentAsync(_experiment, Cancel));
    }

    [Fact]
    public async Task Server_that_is_not_there_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        listener.Stop();
        await using var services = await TrackingServices.OpenAsync(
            new TrackingAddress(address), TrackingBench.OptionsOf(_bench.Folder, _time), null, Cancel);

        await FaultAsync(
            TrackingFault.TemporarilyUnavailable, $"{address} cannot be reached", () => services.Tracking.GetRunAsync("r", Cancel));
        await FaultAsync(
            TrackingFault.TemporarilyUnavailable, "cannot be reached", () => services.Tracking.CreateRunAsync(
                new NewRun { ExperimentId = "1" }, Cancel));
    }

    [Fact]
    public async Task Promotion_that_stopped_before_the_alias_is_completed_by_the_next()
    {
        var run = await BeginAsync();
        await UploadAsync(run, "model/MLmodel", "x");
        await ModelRegistration.RegisterAsync(_bench.Registry, new NewModelVersion { Name = "m", RunId = run }, Cancel);
        _server.Break("POST mlflow/registered-models/alias", MlflowFault.Error(403, "PERMISSION_DENIED", "not you"));

        await FaultAsync(
            TrackingFault.PermissionDenied, "not you", () => _bench.Registry.PromoteAsync("m", 1, "champion", "better", Cancel));
        Assert.Null(await _bench.Registry.FindByAliasAsync("m", "champion", Cancel));
        await _bench.Registry.PromoteAsync("m", 1, "champion", "better", Cancel);

        Assert.Equal("better", (await _bench.Registry.FindByAliasAsync("m", "champion", Cancel))!.Tags["pvlake.champion.reason"]);
        var writes = _server.Requests.Where(
            r => r.EndsWith("/alias", StringComparison.Ordinal) || r.EndsWith("set-tag", StringComparison.Ordinal)).ToList();
        Assert.Equal("POST mlflow/registered-models/alias", writes.Last(r => r.StartsWith("POST", StringComparison.Ordinal)));
    }

    private static async Task FaultAsync(TrackingFault fault, string part, Func<Task> act)
    {
        var failure = await Assert.ThrowsAsync<TrackingException>(act);
        Assert.Equal(fault, failure.Fault);
        Assert.Contains(part, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    private async Task<string> BeginAsync() =>
        (await Store.CreateRunAsync(new NewRun { ExperimentId = _experiment }, Cancel)).Info.RunId;

    private async Task UploadAsync(string run, string path, string text)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await Store.UploadArtifactAsync(run, path, content, Cancel);
    }
}
