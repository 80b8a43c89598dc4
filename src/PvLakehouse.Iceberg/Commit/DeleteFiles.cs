using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Removes whole data files, by name or by what they hold, without reading them.</summary>
/// <remarks>For one commit; make another object for the next.</remarks>
public sealed class DeleteFiles : SnapshotProducer<DeleteFiles>
{
    private readonly FileChanges _files;

    internal DeleteFiles(WritableTable table)
        : base(table)
    {
        _files = new FileChanges(table);
        _files.Removed.MustExist = false;
    }

    /// <summary>Removes a file that a scan planned.</summary>
    public DeleteFiles Delete(DataFile file)
    {
        _files.Removed.Add(file);
        return this;
    }

    /// <summary>Removes a file by its path, as the metadata has it.</summary>
    public DeleteFiles Delete(string path)
    {
        _files.Removed.Add(path);
        return this;
    }

    /// <summary>Removes every file whose rows all match a filter, at the time of the commit.</summary>
    /// <remarks>A file of which only some rows match fails the commit by <see cref="PartialMatchException"/>.</remarks>
    /// <param name="filter">The rows to delete.</param>
    /// <param name="caseSensitive">Whether column names are compared with case.</param>
    /// <exception cref="ArgumentException">
    /// A column of the filter is unknown, or a value cannot be compared with it.
    /// </exception>
    public DeleteFiles DeleteFromRowFilter(Expression filter, bool caseSensitive = true)
    {
        ArgumentNullException.ThrowIfNull(filter);
        _ = Normalised.Of(filter, Table.Schema, caseSensitive);
        foreach (var removed in new[] { _files.Removed, _files.RemovedDeletes })
        {
            removed.Filter = filter;
            removed.IgnoreCase = !caseSensitive;
        }

        return this;
    }

    /// <summary>Fails the commit if a named file is not in the table, in place of leaving it out.</summary>
    public DeleteFiles ValidateFilesExist()
    {
        _files.Removed.MustExist = true;
        return this;
    }

    private protected override Task<ManifestPlan> PlanAsync(SnapshotBase start, CancellationToken cancellationToken) =>
        _files.PlanAsync(start, SnapshotOperation.Delete, cancellationToken);
}
