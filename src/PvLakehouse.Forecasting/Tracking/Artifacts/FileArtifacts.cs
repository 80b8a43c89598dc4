using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Forecasting.Tracking.Artifacts;

/// <summary>Artifacts that a client writes itself, into a bucket or folder that the server named.</summary>
/// <remarks>A file that is there is removed before it is written anew; in a folder, unlike in a bucket, others may see it
/// half-written.</remarks>
internal sealed class FileArtifacts(IFileIO files, string root) : IArtifactStore
{
    public Task UploadAsync(string path, Stream content, CancellationToken cancellationToken) => GuardAsync(
        "written",
        path,
        async location =>
        {
            await files.DeleteAsync(location, cancellationToken);
            await using (var file = await files.CreateAsync(location, cancellationToken))
            {
                await content.CopyToAsync(file.Content, cancellationToken);
                await file.CompleteAsync(cancellationToken);
            }

            await files.PersistAsync([location], cancellationToken);
            return true;
        });

    public Task<IReadOnlyList<ArtifactFile>> ListAllAsync(CancellationToken cancellationToken) => GuardAsync<IReadOnlyList<ArtifactFile>>(
        "listed",
        "",
        async _ => await files.ListAsync(root, cancellationToken)
            .Select(f => new ArtifactFile(f.Location[(root.Length + 1)..], IsDirectory: false, f.Size))
            .OrderBy(f => f.Path, StringComparer.Ordinal)
            .ToListAsync(cancellationToken));

    public Task<Stream> OpenAsync(string path, CancellationToken cancellationToken) =>
        GuardAsync("read", path, location => files.OpenReadAsync(location, cancellationToken));

    private async Task<T> GuardAsync<T>(string done, string path, Func<string, Task<T>> work)
    {
        var location = path.Length == 0 ? root : $"{root}/{path}";
        try
        {
            return await work(location);
        }
        catch (FileNotFoundException e)
        {
            throw new TrackingException(TrackingFault.ResourceDoesNotExist, $"There is no artifact '{location}'.", e);
        }
        catch (ArgumentException e)
        {
            // The location's scheme has no storage.
            throw new TrackingException(
                TrackingFault.NotSetUp,
                $"The MLflow server wants its clients to keep artifacts in '{root}', for which no storage is set up here; open the lake "
                + "with its warehouse in that store, or start the server with --serve-artifacts and --artifacts-destination.",
                e);
        }
        catch (IOException e)
        {
            throw new TrackingException(TrackingFault.TemporarilyUnavailable, $"Artifact '{location}' cannot be {done}: {e.Message}", e);
        }
    }
}
