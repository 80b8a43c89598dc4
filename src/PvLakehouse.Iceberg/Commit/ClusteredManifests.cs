using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Writes entries into manifests by key, a new one whenever one has its target size.</summary>
/// <remarks>One manifest is open for each key and spec: who has more than a few keys joins them first.</remarks>
internal sealed class ClusteredManifests(SnapshotBase start) : IAsyncDisposable
{
    /// <summary>
    /// Keys up to which each has a manifest of its own. An open one may hold a file handle, or a part of 8 MiB on S3.
    /// </summary>
    public const int MostOpen = 64;

    private readonly long _target =
        TableProperties.Number(start.Table.Properties, TableProperties.ManifestTargetSize, 8 * 1024 * 1024);

    private readonly Dictionary<(int SpecId, object? Key), ManifestWriter> _open = [];
    private readonly List<ManifestFile> _complete = [];

    public async Task KeepAsync(object? key, ManifestEntry entry, CancellationToken cancellationToken)
    {
        var cluster = (entry.File.SpecId, key);
        if (_open.TryGetValue(cluster, out var writer) && writer.Length >= _target)
        {
            await CompleteAsync(cluster, writer, cancellationToken);
            writer = null;
        }

        if (writer is null)
        {
            var spec = start.Table.FindSpec(entry.File.SpecId)!;
            _open[cluster] = writer = await start.Files.NewManifestAsync(
                start.Table, spec, ManifestContent.Data, cancellationToken);
        }

        await writer.KeepAsync(entry, cancellationToken);
    }

    public async Task<IReadOnlyList<ManifestFile>> CompleteAsync(CancellationToken cancellationToken)
    {
        foreach (var (cluster, writer) in _open.ToList())
        {
            await CompleteAsync(cluster, writer, cancellationToken);
        }

        return _complete;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var writer in _open.Values)
        {
            await writer.DisposeAsync();
        }
    }

    private async Task CompleteAsync(
        (int SpecId, object? Key) cluster, ManifestWriter writer, CancellationToken cancellationToken)
    {
        _complete.Add(await writer.CompleteAsync(cancellationToken));
        _open.Remove(cluster);
        await writer.DisposeAsync();
    }
}
