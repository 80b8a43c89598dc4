using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Adds data files to a table. Never conflicts with other commits: it is repeated on top of them.</summary>
public sealed class AppendFiles
{
    internal AppendFiles(Table table) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>Adds a file that an engine has written.</summary>
    public AppendFiles Add(DataFile file) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>Adds files that an engine has written.</summary>
    public AppendFiles AddRange(IEnumerable<DataFile> files) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>Puts a property of the writer's own into the snapshot summary.</summary>
    public AppendFiles Set(string key, string value) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>Commits to a branch other than main; one that does not exist starts from main.</summary>
    public AppendFiles ToBranch(string name) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>Commits, repeating on conflicts, and moves the table object to the result.</summary>
    /// <returns>The snapshot that was made.</returns>
    /// <exception cref="CommitConflictException">Others kept committing first until retries ran out.</exception>
    /// <exception cref="CommitStateUnknownException">The catalog did not say whether the commit happened.</exception>
    public Task<Snapshot> CommitAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException("Comes with the next commits.");
}
