using System.Globalization;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Forecasting.Tracking.Embedded;
using PvLakehouse.Forecasting.Tracking.Mlflow;

namespace PvLakehouse.Forecasting.Tracking;

/// <summary>Tracking and the registry, of the lake itself or of an MLflow server: whoever uses them need not know which.</summary>
public sealed class TrackingServices : IAsyncDisposable
{
    private TrackingServices(ITrackingStore tracking, IModelRegistry registry)
    {
        Tracking = tracking;
        Registry = registry;
    }

    /// <summary>Experiments and runs.</summary>
    public ITrackingStore Tracking { get; }

    /// <summary>Models and their versions.</summary>
    public IModelRegistry Registry { get; }

    /// <summary>Opens what an address names. A server is first asked by the first use.</summary>
    /// <param name="address">Where.</param>
    /// <param name="options">What is needed of the lake.</param>
    /// <param name="mlflow">How a server is asked; null: as <see cref="MlflowOptions"/> says by default, by nobody in particular.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="TrackingException">The file of the embedded store cannot be used.</exception>
    public static async Task<TrackingServices> OpenAsync(
        TrackingAddress address, TrackingOptions options, MlflowOptions? mlflow = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(options);
        if (address.Server is { } server)
        {
            var owners = OwnersIn(options.Folder, $"{server.Host}-{server.Port}");
            var connection = new MlflowConnection(server, mlflow ?? new MlflowOptions(), options.Time);
            var files = new MlflowArtifacts(connection, options.Files);
            var tracking = new MlflowTracking(connection, files, owners);
            return new(tracking, new MlflowRegistry(connection, files, tracking));
        }

        var database = await TrackingDatabase.OpenAsync(Path.Combine(options.Folder, "tracking.db"), cancellationToken);
        var warehouse = options.Warehouse.TrimEnd('/');
        var artifacts = new EmbeddedArtifacts(database, warehouse, options.Files);
        return new(
            new EmbeddedTracking(database, warehouse, artifacts, OwnersIn(options.Folder, $"lake"), options.Time),
            new EmbeddedRegistry(database, warehouse, artifacts, options.Time));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Tracking.DisposeAsync();

    /// <summary>Owners by store: whoever looks after one must not forget those who have runs in another.</summary>
    private static RunOwners OwnersIn(string folder, FormattableString store) =>
        new(
            Path.Combine(
                folder, "owners", string.Concat(
                    store.ToString(CultureInfo.InvariantCulture).Select(c => char.IsLetterOrDigit(c) ? c : '-'))));
}
