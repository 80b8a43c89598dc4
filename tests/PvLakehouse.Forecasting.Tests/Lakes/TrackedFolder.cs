using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Forecasting.Tests.Lakes;

/// <summary>An embedded store of runs and models in a temporary folder of its own.</summary>
public sealed class TrackedFolder : IAsyncDisposable
{
    private TrackedFolder(string folder, TrackingServices services) => (Folder, Services) = (folder, services);

    public string Folder { get; }

    public TrackingServices Services { get; }

    public static async Task<TrackedFolder> CreateAsync()
    {
        var folder = Directory.CreateTempSubdirectory("pvlake-tracked-").FullName;
        return new(folder, await TrackingServices.OpenAsync(
            TrackingAddress.Embedded,
            new() { Folder = folder, Warehouse = Path.Combine(folder, "warehouse"), Files = new LocalFileIO() },
            cancellationToken: TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
