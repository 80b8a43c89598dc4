using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>The data files that a commit adds, and their manifests: written once, used by every attempt.</summary>
internal sealed class NewFiles(SnapshotCommit commit)
{
    private readonly List<DataFile> _files = [];
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private List<ManifestFile>? _manifests;

    public IReadOnlyList<DataFile> Files => _files;

    public IReadOnlyCollection<string> Paths => _paths;

    public void Add(DataFile file)
    {
        commit.CheckFile(file);
        if (!_paths.Add(file.FilePath))
        {
            throw new ArgumentException(
                $"File '{file.FilePath}' was added already; its rows would count twice.", nameof(file));
        }

        _files.Add(file);
    }

    /// <summary>The manifests of the files, one for each partition spec.</summary>
    public async Task<IReadOnlyList<ManifestFile>> ManifestsAsync(
        TableMetadata table, MetadataFiles metadata, CancellationToken cancellationToken)
    {
        if (_manifests is not null)
        {
            return _manifests;
        }

        var manifests = new List<ManifestFile>();
        foreach (var group in _files.GroupBy(f => f.SpecId))
        {
            var spec = table.FindSpec(group.Key) ?? throw new CommitConflictException(
                $"Partition spec {group.Key} was removed from the table while files were written with it.");
            await using var writer = await metadata.NewManifestAsync(table, spec, ManifestContent.Data, cancellationToken);
            foreach (var file in group)
            {
                await writer.AddAsync(file, cancellationToken);
            }

            manifests.Add(await writer.CompleteAsync(cancellationToken));
        }

        return _manifests = manifests;
    }
}
