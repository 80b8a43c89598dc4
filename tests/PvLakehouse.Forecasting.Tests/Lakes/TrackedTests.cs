using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting.Tests.Lakes;

/// <summary>Tests on the common lake with runs and models of their own.</summary>
public abstract class TrackedTests(SimulatedLake lake) : IAsyncLifetime
{
    private TrackedFolder? _tracked;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected TrackingServices Services => _tracked!.Services;

    /// <summary>The folder of runs and models, which goes with the test.</summary>
    protected string Folder => _tracked!.Folder;

    protected TemporaryLake Files => lake.Files;

    protected Lake Lake => lake.Lake;

    public async ValueTask InitializeAsync() => _tracked = await TrackedFolder.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        await _tracked!.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
