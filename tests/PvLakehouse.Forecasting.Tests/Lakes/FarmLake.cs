using Microsoft.Extensions.DependencyInjection;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Sandbox;
using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Simulation;

namespace PvLakehouse.Forecasting.Tests.Lakes;

/// <summary>A lake of some simulated farms that can be loaded day by day, with the weather as it was forecast.</summary>
public sealed class FarmLake : IAsyncDisposable
{
    private readonly SandboxServer _sandbox;
    private readonly ServiceProvider _services;
    private readonly LakePipeline _pipeline;
    private readonly string[] _farms;

    private FarmLake(TemporaryLake files, SandboxServer sandbox, string[] farms)
    {
        (Files, _sandbox, _farms) = (files, sandbox, farms);
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IUsageStore>(new FileUsageStore(Path.Combine(files.Folder, "usage.json")))
            .AddSources(SourceOptions.Sandbox(sandbox.BaseAddress), new FolderBodyArchive(Path.Combine(files.Folder, "warehouse", "archive")))
            .BuildServiceProvider();
        _pipeline = new(files.Lake, _services.GetRequiredService<OpenElectricityClient>(), _services.GetRequiredService<OpenMeteoClient>());
    }

    public TemporaryLake Files { get; }

    public static async Task<FarmLake> CreateAsync(string[] farms) => new(
        await TemporaryLake.CreateAsync(TimeProvider.System),
        await SandboxServer.StartAsync(
            new(new SimulatedSandbox(new SimulationOptions(), FacilityRegistry.Load().Facilities)), TestContext.Current.CancellationToken),
        farms);

    /// <summary>Loads some days of everything, up to gold.</summary>
    public Task LoadAsync(DayRange days) => _pipeline.RunAsync(Request(days), (_, stage) => stage(), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _sandbox.DisposeAsync();
        await Files.DisposeAsync();
    }

    private IngestRequest Request(DayRange days) => new()
    {
        Mode = IngestMode.Backfill,
        Facilities = _farms,
        Window = days,
        WithForecasts = true,
    };
}
