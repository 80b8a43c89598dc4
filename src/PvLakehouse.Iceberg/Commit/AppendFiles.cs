using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Adds data files to a table. Never conflicts with other commits: it is repeated on top of them.</summary>
/// <remarks>For one commit; make another object for the next.</remarks>
public sealed class AppendFiles : SnapshotProducer<AppendFiles>
{
    private readonly FileChanges _files;

    internal AppendFiles(WritableTable table, bool mergeManifests)
        : base(table) => _files = new FileChanges(table, mergeManifests);

    /// <summary>Adds a file that an engine has written.</summary>
    /// <exception cref="ArgumentException">
    /// The file was added already, or does not fit the table's partition specs.
    /// </exception>
    public AppendFiles Add(DataFile file)
    {
        _files.Added.Add(file);
        return this;
    }

    /// <summary>Adds files that an engine has written.</summary>
    /// <exception cref="ArgumentException">
    /// A file was added already, or does not fit the table's partition specs.
    /// </exception>
    public AppendFiles AddRange(IEnumerable<DataFile> files)
    {
        _files.Added.AddRange(files);
        return this;
    }

    private protected override Task<ManifestPlan> PlanAsync(SnapshotBase start, CancellationToken cancellationToken) =>
        _files.PlanAsync(start, Metadata.SnapshotOperation.Append, cancellationToken);

    private protected override IReadOnlyCollection<string> NewFilePaths() => _files.NewPaths;
}
