using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using PvLakehouse.Pipeline.Alerting;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Planning;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Pipeline.Tests.Models;
using PvLakehouse.Pipeline.Tests.Sources;
using PvLakehouse.Sandbox;

namespace PvLakehouse.Pipeline.Tests.Ingest;

/// <summary>A real lake fed by the project's stand-in server, through a gateway that counts requests and can spoil them.</summary>
/// <remarks>Each load composes the clients anew, as each process of the command line does.</remarks>
internal sealed class FedLake : IAsyncDisposable
{
    private static readonly HttpMessageInvoker Http = new(new SocketsHttpHandler { UseProxy = false });

    private readonly string _archive = Path.Combine(Path.GetTempPath(), $"pvlake-archive-{Guid.CreateVersion7():N}");
    private readonly SandboxServer _sandbox;
    private readonly StubServer _gateway;
    private readonly ConcurrentQueue<string> _answered = new();

    private FedLake(TestLake lake, ChangingData data, SandboxServer sandbox, StubServer gateway)
    {
        Lake = lake;
        Data = data;
        _sandbox = sandbox;
        _gateway = gateway;
    }

    public TestLake Lake { get; }

    public ChangingData Data { get; }

    /// <summary>The folder of archived bodies.</summary>
    public string Archive => _archive;

    /// <summary>Who is told of what a person should know.</summary>
    public IAlertSink Alerts { get; set; } = AlertSinks.None;

    /// <summary>Answers in place of the stand-in; null lets a request through.</summary>
    public Func<StubRequest, StubAnswer?>? Spoil { get; set; }

    /// <summary>Changes the stand-in's answers on their way.</summary>
    public Func<StubRequest, StubAnswer, StubAnswer>? Alter { get; set; }

    /// <summary>Changes the options of the clients that are composed next.</summary>
    public Func<SourceOptions, SourceOptions> Configure { get; set; } = options => options;

    /// <summary>What was answered with data so far, in order.</summary>
    public IReadOnlyList<string> Answered => [.. _answered];

    /// <summary>What was asked so far: path and query.</summary>
    public IReadOnlyList<string> Asked => [.. _gateway.Requests.Select(request => request.Path + request.Query)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<FedLake> StartAsync(DateTimeOffset now)
    {
        var lake = new TestLake();
        await lake.InitializeAsync();
        lake.Clock.SetUtcNow(now);
        var data = new ChangingData();
        var sandbox = await SandboxServer.StartAsync(new(data) { Clock = lake.Clock }, Token);
        FedLake? fed = null;
        var gateway = await StubServer.StartAsync(request => fed!.Answer(request));
        return fed = new(lake, data, sandbox, gateway);
    }

    /// <summary>What a load of all datasets would take.</summary>
    public async Task<LoadPlan> PlanAsync(IngestRequest request)
    {
        var datasets = await BronzeDatasets.OfRunAsync(Lake.Lake, request, Token);
        return await WithSourcesAsync(
            (energy, weather) => new LoadPlanner(Lake.Lake, Lake.Clock, energy, weather).PlanAsync(datasets, request, Token), Lake.Clock);
    }

    /// <summary>Runs a load with clients of its own.</summary>
    public Task<T> WithPipelineAsync<T>(Func<LakePipeline, Task<T>> work, TimeProvider? clock = null) => WithSourcesAsync(
        (energy, weather) => work(new(Lake.Lake with { Clock = clock ?? Lake.Clock, Alerts = Alerts }, energy, weather)), clock ?? Lake.Clock);

    private async Task<T> WithSourcesAsync<T>(Func<OpenElectricityClient, OpenMeteoClient, Task<T>> work, TimeProvider clock)
    {
        var options = SourceOptions.Sandbox(_gateway.Address);
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(clock)
            .AddSingleton<IUsageStore>(new FileUsageStore(Path.Combine(_archive, "usage.json")))
            .AddSources(Configure(options with { Transport = options.Transport with { RetryCount = 0, Parallelism = 1 } }), new FolderBodyArchive(_archive))
            .BuildServiceProvider();
        return await work(services.GetRequiredService<OpenElectricityClient>(), services.GetRequiredService<OpenMeteoClient>());
    }

    public Task<StageResult> BronzeAsync(string dataset, IngestRequest request, CancellationToken? cancellationToken = null, TimeProvider? clock = null) =>
        WithPipelineAsync(pipeline => pipeline.BronzeAsync(dataset, request, cancellationToken ?? Token), clock);

    /// <summary>All of bronze.</summary>
    public async Task LoadAsync(IngestRequest request)
    {
        foreach (var dataset in await BronzeDatasets.OfRunAsync(Lake.Lake, request, Token))
        {
            await BronzeAsync(dataset, request);
        }
    }

    /// <summary>Everything, from the sources to gold.</summary>
    public Task<List<StageResult>> RunAsync(IngestRequest request) => WithPipelineAsync(async pipeline =>
    {
        var results = new List<StageResult>();
        await RunAsync(pipeline, request, results);
        return results;
    });

    /// <summary>As <see cref="RunAsync(IngestRequest)"/>, for a run that is expected to fail: what its stages told, and its failure.</summary>
    public Task<(List<StageResult> Results, PipelineException Failure)> FailAsync(IngestRequest request) => WithPipelineAsync(async pipeline =>
    {
        var results = new List<StageResult>();
        return (results, await Assert.ThrowsAsync<PipelineException>(() => RunAsync(pipeline, request, results)));
    });

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _sandbox.DisposeAsync();
        await Lake.DisposeAsync();
        if (Directory.Exists(_archive))
        {
            Directory.Delete(_archive, recursive: true);
        }
    }

    private static Task RunAsync(LakePipeline pipeline, IngestRequest request, List<StageResult> results) => pipeline.RunAsync(
        request,
        async (_, stage) =>
        {
            results.Add(await stage());
            return results[^1];
        },
        Token);

    private StubAnswer Answer(StubRequest request)
    {
        if (Spoil?.Invoke(request) is { } spoilt)
        {
            return spoilt;
        }

        using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(_sandbox.BaseAddress, request.Path.TrimStart('/') + request.Query));
        message.Headers.TryAddWithoutValidation("Authorization", request.Authorization);
        using var response = Http.Send(message, Token);
        using var body = new MemoryStream();
        response.Content.CopyTo(body, null, Token);
        var answer = new StubAnswer((int)response.StatusCode, body.ToArray());
        _answered.Enqueue(request.Path + request.Query);
        return Alter?.Invoke(request, answer) ?? answer;
    }
}
