using PvLakehouse.Forecasting.Tracking.Artifacts;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Forecasting.Tracking.Mlflow;

/// <summary>Finds the way to artifacts by the URI that the server gives.</summary>
internal sealed class MlflowArtifacts(MlflowConnection connection, IFileIO files)
{
    private const string Proxy = "mlflow-artifacts";

    /// <summary>The files below a URI.</summary>
    /// <exception cref="TrackingException">They are where we have no way to.</exception>
    public IArtifactStore At(string uri)
    {
        var root = uri.TrimEnd('/');
        return RoutingFileIO.SchemeOf(root) switch
        {
            Proxy => new ProxiedArtifacts(connection, ProxiedPath(root)),
            "http" or "https" => new ProxiedArtifacts(connection, ServedPath(root)),
            "s3" or "s3a" or "s3n" => new FileArtifacts(files, root),
            "file" => connection.Server.IsLoopback ? new FileArtifacts(files, LocalPath(root)) : throw NotSetUp(
                $"The MLflow server {connection.Server} keeps artifacts in '{root}' on its own disk, which is not ours; start it with "
                + "--serve-artifacts and --artifacts-destination."),
            var scheme => throw NotSetUp(
                $"The MLflow server {connection.Server} keeps artifacts in '{root}', and there is no client for '{scheme}:' here; start "
                + "it with --serve-artifacts and --artifacts-destination, so that they pass through it."),
        };
    }

    /// <summary>The path of <c>mlflow-artifacts:/path</c> or <c>mlflow-artifacts://host:port/path</c>.</summary>
    private string ProxiedPath(string root)
    {
        var rest = root[(Proxy.Length + 1)..];
        if (!rest.StartsWith("//", StringComparison.Ordinal))
        {
            return rest.Trim('/');
        }

        // Our credentials go to the server that the user named, and to no other.
        var (host, path) = rest.IndexOf('/', 2) is var slash and > 0 ? (rest[2..slash], rest[slash..]) : (rest[2..], "");
        return host.Length == 0 || host.Equals(connection.Server.Authority, StringComparison.OrdinalIgnoreCase)
            ? path.Trim('/')
            : throw NotSetUp(
                $"The MLflow server {connection.Server} keeps artifacts behind another server, '{host}'; give that one's address, or let "
                + "this one serve them.");
    }

    private string ServedPath(string root)
    {
        var ours = $"{connection.Server}api/2.0/{Proxy}/artifacts/";
        return root.StartsWith(ours, StringComparison.OrdinalIgnoreCase) ? root[ours.Length..] : throw NotSetUp(
            $"The MLflow server {connection.Server} keeps artifacts at '{root}', which is another server; "
                + $"expected an address below {ours}.");
    }

    /// <summary>A path, decoded where it is a URI.</summary>
    private static string LocalPath(string root) => root.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
        ? Uri.UnescapeDataString(LocalFileIO.PathOf(root))
        : root;

    private static TrackingException NotSetUp(string message) => new(TrackingFault.NotSetUp, message);
}
