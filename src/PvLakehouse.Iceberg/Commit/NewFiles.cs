using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>The files of one content that a commit adds, and their manifests: written once, used by every attempt.</summary>
internal sealed class NewFiles(WritableTable table, ManifestContent content)
{
    private readonly List<DataFile> _files = [];
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private List<ManifestFile>? _manifests;

    public IReadOnlyList<DataFile> Files => _files;

    public IReadOnlyCollection<string> Paths => _paths;

    /// <summary>The age that the rows are given; null means that of the commit.</summary>
    public long? SequenceNumber { get; set; }

    /// <exception cref="ArgumentException">The file was added already, or the table cannot describe it.</exception>
    public void Add(DataFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Check(file);
        if (!_paths.Add(file.FilePath))
        {
            throw new ArgumentException(
                $"File '{file.FilePath}' was added already; its rows would count twice.", nameof(file));
        }

        _files.Add(file);
    }

    public void AddRange(IEnumerable<DataFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        foreach (var file in files)
        {
            Add(file);
        }
    }

    /// <summary>The manifests of the files, one for each partition spec.</summary>
    public async Task<IReadOnlyList<ManifestFile>> ManifestsAsync(SnapshotBase start, CancellationToken cancellationToken)
    {
        if (_manifests is not null)
        {
            return _manifests;
        }

        var manifests = new List<ManifestFile>();
        foreach (var group in _files.GroupBy(f => f.SpecId))
        {
            var spec = start.Table.FindSpec(group.Key) ?? throw new CommitConflictException(
                $"Partition spec {group.Key} was removed from the table while files were written with it.");
            await using var writer = await start.Files.NewManifestAsync(start.Table, spec, content, cancellationToken);
            foreach (var file in group)
            {
                await writer.AddAsync(file, SequenceNumber, cancellationToken);
            }

            manifests.Add(await writer.CompleteAsync(cancellationToken));
        }

        return _manifests = manifests;
    }

    /// <summary>Refuses files that the table cannot describe.</summary>
    private void Check(DataFile file)
    {
        CheckContent(file);
        var spec = table.Metadata.FindSpec(file.SpecId) ?? throw new ArgumentException(
            $"File '{file.FilePath}' is of partition spec {file.SpecId}, which the table does not have.", nameof(file));
        if (spec.Fields.Count != file.Partition.Count)
        {
            throw new ArgumentException(
                $"File '{file.FilePath}' has {file.Partition.Count} partition values; spec {spec.SpecId} has "
                + $"{spec.Fields.Count} fields.",
                nameof(file));
        }

        if (spec.Fields.FirstOrDefault(f => f.Transform.Kind == TransformKind.Unknown) is { } unknown)
        {
            throw new NotSupportedException(
                $"Spec {spec.SpecId} has the transform '{unknown.Transform}', which is not known here, so nothing can "
                + "be written with it.");
        }
    }

    private void CheckContent(DataFile file)
    {
        if ((file.Content == FileContent.Data) != (content == ManifestContent.Data))
        {
            throw new ArgumentException(
                content == ManifestContent.Data
                    ? $"File '{file.FilePath}' holds deletes; data files are added here."
                    : $"File '{file.FilePath}' holds data; delete files are added here.",
                nameof(file));
        }

        if (file.Format == FileFormat.Puffin)
        {
            throw new NotSupportedException(
                $"File '{file.FilePath}' holds deletion vectors, which need format version 3; version 2 is written.");
        }

        if (file.Content == FileContent.EqualityDeletes
            && (file.EqualityIds is not { Count: > 0 } ids || ids.Any(id => table.Schema.Find(id) is null)))
        {
            throw new ArgumentException(
                $"Equality deletes '{file.FilePath}' should name columns of the table as their key; found "
                + $"[{string.Join(", ", file.EqualityIds ?? [])}].",
                nameof(file));
        }
    }
}
