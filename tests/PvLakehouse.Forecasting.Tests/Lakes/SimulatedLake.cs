using Microsoft.Extensions.DependencyInjection;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Sandbox;
using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Simulation;

[assembly: AssemblyFixture(typeof(PvLakehouse.Forecasting.Tests.Lakes.SimulatedLake))]

namespace PvLakehouse.Forecasting.Tests.Lakes;

/// <summary>
/// A lake of three simulated farms, two in the NEM and one in the WEM, from 1 January to 16 March 2025, with the weather as it was forecast and the
/// default features. Made once; tests only read it.
/// </summary>
public sealed class SimulatedLake : IAsyncLifetime
{
    public const string Nem = "AVLSF";
    public const string OtherNem = "LIMOSF2";
    public const string Wem = "MERSOLAR";

    private TemporaryLake? _lake;
    private FeatureBuild? _features;

    public TemporaryLake Files => _lake ?? throw new InvalidOperationException("The lake is not made yet.");

    public Lake Lake => Files.Lake;

    /// <summary>The feature table of all its hours.</summary>
    public FeatureBuild Features => _features ?? throw new InvalidOperationException("The features are not made yet.");

    public async ValueTask InitializeAsync()
    {
        _lake = await TemporaryLake.CreateAsync(TimeProvider.System);
        await using var sandbox = await SandboxServer.StartAsync(
            new(new SimulatedSandbox(new SimulationOptions(), FacilityRegistry.Load().Facilities)), TestContext.Current.CancellationToken);
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IUsageStore>(new FileUsageStore(Path.Combine(_lake.Folder, "usage.json")))
            .AddSources(SourceOptions.Sandbox(sandbox.BaseAddress), new FolderBodyArchive(Path.Combine(_lake.Folder, "warehouse", "archive")))
            .BuildServiceProvider();
        var pipeline = new LakePipeline(
            _lake.Lake, services.GetRequiredService<OpenElectricityClient>(), services.GetRequiredService<OpenMeteoClient>());
        await pipeline.RunAsync(
            new()
            {
                Mode = IngestMode.Backfill,
                Facilities = [Nem, OtherNem, Wem],
                Window = new(new(2025, 1, 1), new(2025, 3, 16)),
                WithForecasts = true,
            },
            (_, stage) => stage(),
            TestContext.Current.CancellationToken);
        _features = await new FeatureBuilder(_lake.Lake, FeatureCatalogue.Default).WriteAsync(new(), TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _lake?.DisposeAsync() ?? ValueTask.CompletedTask;
}
