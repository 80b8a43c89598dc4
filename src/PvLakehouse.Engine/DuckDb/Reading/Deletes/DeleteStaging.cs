using DuckDB.NET.Data;
using PvLakehouse.Engine.DuckDb.Reading.Projection;
using PvLakehouse.Engine.Files;
using PvLakehouse.Iceberg.Deletes;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading.Deletes;

/// <summary>Reads delete files into tables of the session, which it drops again if the work fails.</summary>
internal sealed class DeleteStaging(
    DuckDBConnection connection, DuckDbStatements duckDb, SessionFiles session, IFileIO io) : IDisposable
{
    private readonly List<LocalFiles> _held = [];
    private readonly List<string> _tables = [];

    /// <summary>A SELECT over delete files, valid until this is disposed.</summary>
    /// <param name="targets">Columns wanted.</param>
    /// <param name="files">The delete files.</param>
    /// <param name="select">The list to select, of the files that one call reads; it may use the targets and the virtual columns.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<string> ReadAsync(
        IReadOnlyList<ReadTarget> targets,
        IReadOnlyList<(DataFile File, PartitionSpec Spec)> files,
        Func<IReadOnlyList<ReadFile>, string> select,
        CancellationToken cancellationToken)
    {
        foreach (var (file, _) in files)
        {
            FilePlans.CheckFormat(file);
        }

        var held = await session.DataFiles.OpenAsync(
            io, [.. files.Select(f => new StoredObject(f.File.FilePath, f.File.FileSizeInBytes))], cancellationToken);
        _held.Add(held);
        var local = files.Zip(held.Paths, (f, path) => new ReadFile(f.File, f.Spec, path)).ToList();

        // A delete file whose columns are not found would bring rows back, so every footer is looked at.
        var planner = new FilePlanner(targets, Names(targets), mappingHides: false);
        var plans = await new FilePlans(duckDb, session.Shapes).PlanAsync(planner, local, writers: null, cancellationToken);
        return string.Join("\nUNION ALL ", local.Zip(plans).GroupBy(f => f.Second.Signature, StringComparer.Ordinal).Select(group =>
        {
            List<ReadFile> members = [.. group.Select(g => g.First)];
            var call = new ReadCall(targets, group.First().Second, members);
            return $"SELECT {select(members)} FROM (SELECT {SqlText.List(call.Columns)}, {ReadCall.FileIndex}, {ReadCall.FileRow} FROM {call.From})";
        }));
    }

    /// <summary>Fills a new table by a SELECT.</summary>
    /// <returns>The table's full name.</returns>
    public async Task<string> CreateAsync(string select, CancellationToken cancellationToken)
    {
        var table = $"memory.main.__deletes_{Guid.NewGuid():N}";
        _tables.Add(table);
        await duckDb.ExecuteAsync($"CREATE TABLE {table} AS {select}", cancellationToken);
        return table;
    }

    /// <summary>Adds the places that deletion vectors name to a table of <c>file</c> and <c>position</c>.</summary>
    /// <param name="table">The table.</param>
    /// <param name="vectors">The vectors with the numbers of their data files.</param>
    /// <param name="cancellationToken">Stops between vectors.</param>
    public async Task AddAsync(string table, IEnumerable<(int File, DataFile Vector)> vectors, CancellationToken cancellationToken)
    {
        var name = table.Split('.');
        try
        {
            using var appender = connection.CreateAppender(name[0], name[1], name[2]);
            foreach (var (file, vector) in vectors)
            {
                var positions = await DeletionVector.ReadAsync(io, vector, cancellationToken);
                foreach (var position in positions)
                {
                    appender.CreateRow().AppendValue((ulong?)file).AppendValue((long?)position).EndRow();
                }
            }

            appender.Close();
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Clean(error);
        }
    }

    /// <summary>Drops what was made.</summary>
    public async Task DropAsync()
    {
        foreach (var table in _tables)
        {
            await duckDb.ExecuteAsync($"DROP TABLE IF EXISTS {table}", CancellationToken.None);
        }
    }

    /// <summary>Delete files without ids are understood by the names of the columns.</summary>
    private static NameMapping Names(IReadOnlyList<ReadTarget> targets) =>
        new([.. targets.Select(t => new MappedField(t.Field.Id, [t.Field.Name]))]);

    public void Dispose()
    {
        foreach (var held in _held)
        {
            held.Dispose();
        }
    }
}
