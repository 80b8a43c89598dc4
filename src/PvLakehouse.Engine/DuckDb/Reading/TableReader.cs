using DuckDB.NET.Data;
using PvLakehouse.Engine.DuckDb.Reading.Deletes;
using PvLakehouse.Engine.DuckDb.Reading.Projection;
using PvLakehouse.Engine.Files;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>
/// Makes planned data files readable as rows of a schema: fetched, projected and without their deleted rows.
/// </summary>
internal sealed class TableReader(DuckDBConnection connection, DuckDbStatements duckDb, SessionFiles session)
{
    /// <summary>The files of this machine and of stores.</summary>
    public IDataFiles DataFiles => session.DataFiles;

    /// <summary>Prepares the rows of data files.</summary>
    /// <param name="io">The store of the table.</param>
    /// <param name="metadata">The table.</param>
    /// <param name="schema">The columns wanted.</param>
    /// <param name="files">The data files with the deletes that apply to each.</param>
    /// <param name="whole">
    /// Whether the files will be read to their ends. Then a look into each of them first is worth its time: files that
    /// hold just what is wanted are read faster.
    /// </param>
    /// <param name="cancellationToken">Stops the work; nothing stays behind.</param>
    /// <returns>The rows; they can be read until this is disposed.</returns>
    /// <exception cref="SqlEngineException">
    /// A file is missing, of another format, or cannot be read as the table asks.
    /// </exception>
    public async Task<TableRows> OpenAsync(
        IFileIO io, TableMetadata metadata, Schema schema, IReadOnlyList<FileScanTask> files, bool whole,
        CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            FilePlans.CheckFormat(file.File);
        }

        var targets = ReadTarget.Of(schema);
        var equality = new EqualityDeletes(metadata, schema, targets, files.SelectMany(f => f.Deletes)
            .Where(d => d.File.Content == FileContent.EqualityDeletes).DistinctBy(
                d => d.File.FilePath, StringComparer.Ordinal));
        var held = await DataFiles.OpenAsync(
            io, [.. files.Select(f => new StoredObject(f.File.FilePath, f.File.FileSizeInBytes))], cancellationToken);
        try
        {
            var groups = await GroupAsync(
                metadata, [.. targets, .. equality.Hidden], files, held.Paths, whole, cancellationToken);
            var ordered = groups.SelectMany(g => g.Tasks).ToList();
            var scopes = new DeleteScopes();
            var staged = ordered.TrueForAll(f => f.Deletes.Count == 0)
                ? StagedDeletes.None
                : await StageAsync(io, metadata, ordered, equality, scopes, cancellationToken);
            return new TableRows(duckDb, schema, targets, groups, staged, scopes, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private async Task<StagedDeletes> StageAsync(
        IFileIO io, TableMetadata metadata, List<FileScanTask> files, EqualityDeletes equality, DeleteScopes scopes,
        CancellationToken cancellationToken)
    {
        using var staging = new DeleteStaging(connection, duckDb, session, io);
        try
        {
            var positions = await PositionDeletes.StageAsync(staging, metadata, files, cancellationToken);
            return new StagedDeletes(
                positions, await equality.StageAsync(staging, metadata, scopes, cancellationToken));
        }
        catch
        {
            await staging.DropAsync();
            throw;
        }
    }

    /// <summary>
    /// Puts files together that are read in the same way; those without deletes apart, so that they are read as fast as
    /// ever.
    /// </summary>
    private async Task<IReadOnlyList<ReadGroup>> GroupAsync(
        TableMetadata metadata, IReadOnlyList<ReadTarget> targets, IReadOnlyList<FileScanTask> tasks,
        IReadOnlyList<string> paths,
        bool whole, CancellationToken cancellationToken)
    {
        if (tasks.Count == 0)
        {
            return [];
        }

        var files = tasks.Zip(paths, (task, path) => new ReadFile(task.File, task.Spec, path)).ToList();
        var mapping = metadata.Properties.TryGetValue(NameMapping.Property, out var json)
            ? NameMapping.FromJson(json)
            : null;
        var plans = await new FilePlans(duckDb, session.Shapes).PlanAsync(
            new FilePlanner(targets, mapping, mappingHides: true),
            files,
            whole ? null : [.. tasks.Select(t => t.SnapshotId)],
            cancellationToken);
        var groups = new List<ReadGroup>();
        var alike = tasks.Index().GroupBy(t => (plans[t.Index].Signature, HasDeletes: t.Item.Deletes.Count > 0));
        foreach (var group in alike)
        {
            List<int> members = [.. group.Select(g => g.Index)];
            groups.Add(new ReadGroup(
                groups.Sum(g => g.Tasks.Count), plans[members[0]], targets, members.ConvertAll(i => tasks[i]), members.ConvertAll(i => files[i])));
        }

        return groups;
    }
}
