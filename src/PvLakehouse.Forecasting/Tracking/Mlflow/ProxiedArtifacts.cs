using PvLakehouse.Forecasting.Tracking.Artifacts;
using PvLakehouse.Forecasting.Tracking.Mlflow.Wire;

namespace PvLakehouse.Forecasting.Tracking.Mlflow;

/// <summary>Artifacts that pass through the server (<c>mlflow-artifacts:</c>).</summary>
/// <param name="connection">The server.</param>
/// <param name="root">Path below the server's store, without slashes at its ends.</param>
internal sealed class ProxiedArtifacts(MlflowConnection connection, string root) : IArtifactStore
{
    private const string Route = "mlflow-artifacts/artifacts";

    public Task UploadAsync(string path, Stream content, CancellationToken cancellationToken) =>
        connection.UploadAsync(RouteOf(path), content, cancellationToken);

    public async Task<IReadOnlyList<ArtifactFile>> ListAllAsync(CancellationToken cancellationToken)
    {
        var files = new List<ArtifactFile>();
        var folders = new Stack<string>([""]);
        while (folders.TryPop(out var folder))
        {
            var full = folder.Length == 0 ? root : $"{root}/{folder}";
            var answer = await connection.GetAsync(Route, [("path", full)], MlflowJson.Default.FilesAnswer, cancellationToken);
            foreach (var file in answer.Files ?? [])
            {
                // Paths are relative to the folder that was asked for.
                var path = folder.Length == 0 ? file.Path : $"{folder}/{file.Path}";
                if (file.IsDir)
                {
                    folders.Push(path);
                }
                else
                {
                    files.Add(new ArtifactFile(path, IsDirectory: false, file.FileSize));
                }
            }
        }

        return [.. files.OrderBy(f => f.Path, StringComparer.Ordinal)];
    }

    public async Task<Stream> OpenAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.DownloadAsync(RouteOf(path), cancellationToken);
        }
        catch (TrackingException e) when (e.Fault is TrackingFault.ResourceDoesNotExist or TrackingFault.EndpointNotFound)
        {
            // Servers with files of their own answer 404 without a code.
            throw new TrackingException(
                TrackingFault.ResourceDoesNotExist, $"The MLflow server {connection.Server} has no artifact '{path}' in '{root}'.", e);
        }
    }

    private string RouteOf(string path) => $"{Route}/{string.Join('/', $"{root}/{path}".Split('/').Select(Uri.EscapeDataString))}";
}
