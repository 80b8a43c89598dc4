using Microsoft.Extensions.Time.Testing;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Tracking.Mlflow;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.TestServers.Mlflow;

namespace PvLakehouse.Forecasting.Tests.Tracking;

/// <summary>Which store a test runs against.</summary>
public enum StoreKind
{
    Embedded,
    Mlflow2,
    Mlflow3,
}

/// <summary>Tracking and registry in a temporary folder, or behind a server of MLflow's kind.</summary>
internal sealed class TrackingBench : IAsyncDisposable
{
    private TrackingBench(string folder, MlflowServer? server, TrackingServices services)
    {
        Folder = folder;
        Server = server;
        Services = services;
    }

    public string Folder { get; }

    public MlflowServer? Server { get; }

    public TrackingServices Services { get; }

    public ITrackingStore Tracking => Services.Tracking;

    public PvLakehouse.Forecasting.Registry.IModelRegistry Registry => Services.Registry;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A clock that moves on whenever it is read, so that no two things happen at one instant.</summary>
    private static FakeTimeProvider Clock() =>
        new(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };

    public static async Task<TrackingBench> OpenAsync(StoreKind kind)
    {
        var folder = Directory.CreateTempSubdirectory("pvlake-tracking-").FullName;
        if (kind == StoreKind.Embedded)
        {
            return new(folder, null, await TrackingServices.OpenAsync(TrackingAddress.Embedded, OptionsOf(folder, Clock()), null, Cancel));
        }

        var server = await MlflowServer.StartAsync(kind == StoreKind.Mlflow2 ? MlflowServerOptions.V2 : MlflowServerOptions.V3);
        return await OpenAsync(folder, server);
    }

    /// <summary>A client of a server; waits between retries are short, and the clock is the system's.</summary>
    public static async Task<TrackingBench> OpenAsync(MlflowServer server, MlflowOptions? options = null, TimeProvider? time = null) =>
        await OpenAsync(Directory.CreateTempSubdirectory("pvlake-tracking-").FullName, server, options, time);

    public static TrackingOptions OptionsOf(string folder, TimeProvider? time = null) => new()
    {
        Folder = folder,
        Warehouse = Path.Combine(folder, "warehouse"),
        Files = new RoutingFileIO([new("file", new LocalFileIO())]),
        Time = time ?? TimeProvider.System,
    };

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        if (Server is not null)
        {
            await Server.DisposeAsync();
            Assert.Empty(Server.Slips);
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static async Task<TrackingBench> OpenAsync(
        string folder, MlflowServer server, MlflowOptions? options = null, TimeProvider? time = null) => new(
        folder,
        server,
        await TrackingServices.OpenAsync(
            new TrackingAddress(server.Address),
            OptionsOf(folder, time),
            options ?? new MlflowOptions { RetryDelay = TimeSpan.FromMilliseconds(1) },
            Cancel));
}
