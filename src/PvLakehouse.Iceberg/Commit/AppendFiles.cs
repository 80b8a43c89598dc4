using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Adds data files to a table. Never conflicts with other commits: it is repeated on top of them.</summary>
/// <remarks>For one commit; make another object for the next.</remarks>
public sealed class AppendFiles
{
    private readonly SnapshotCommit _commit;
    private readonly NewFiles _added;

    internal AppendFiles(Table table)
    {
        _commit = new SnapshotCommit(table);
        _added = new NewFiles(_commit);
    }

    /// <summary>Adds a file that an engine has written.</summary>
    /// <exception cref="ArgumentException">
    /// The file was added already, or does not fit the table's partition specs.
    /// </exception>
    public AppendFiles Add(DataFile file)
    {
        _added.Add(file);
        return this;
    }

    /// <summary>Adds files that an engine has written.</summary>
    /// <exception cref="ArgumentException">
    /// A file was added already, or does not fit the table's partition specs.
    /// </exception>
    public AppendFiles AddRange(IEnumerable<DataFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        foreach (var file in files)
        {
            _added.Add(file);
        }

        return this;
    }

    /// <summary>Puts a property of the writer's own into the snapshot summary.</summary>
    public AppendFiles Set(string key, string value)
    {
        _commit.Set(key, value);
        return this;
    }

    /// <summary>Commits to a branch other than main; one that does not exist starts from main.</summary>
    public AppendFiles ToBranch(string name)
    {
        _commit.ToBranch(name);
        return this;
    }

    /// <summary>Commits, repeating on conflicts, and moves the table object to the result.</summary>
    /// <returns>The snapshot that was made.</returns>
    /// <exception cref="CommitConflictException">Others kept committing first until retries ran out.</exception>
    /// <exception cref="CommitStateUnknownException">The catalog did not say whether the commit happened.</exception>
    /// <exception cref="FileNotFoundException">An added file is not there.</exception>
    public Task<Snapshot> CommitAsync(CancellationToken cancellationToken = default) => _commit.RunAsync(
        _added.Paths,
        async (@base, parent, files) =>
        {
            var summary = new SnapshotSummary();
            foreach (var file in _added.Files)
            {
                summary.Add(file);
            }

            var added = await _added.ManifestsAsync(@base, files, cancellationToken);
            var kept = await BaseManifests.ReadAsync(_commit.Table.Io, @base, parent, cancellationToken);
            return await ManifestPlans.FinishAsync(
                _commit.Table.Io, @base, [.. added, .. kept], files, summary, cancellationToken);
        },
        cancellationToken);
}
