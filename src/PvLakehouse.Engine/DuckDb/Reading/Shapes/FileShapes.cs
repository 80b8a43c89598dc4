using System.Collections.Concurrent;

namespace PvLakehouse.Engine.DuckDb.Reading.Shapes;

/// <summary>
/// The shapes of data files, read from their footers once and remembered for all sessions: files never change.
/// </summary>
internal sealed class FileShapes
{
    private const int Most = 200_000;

    /// <summary>Everything about a field that decides how DuckDB reads it.</summary>
    private const string Facts = ParquetTree.Columns + ", type, type_length, scale, precision";

    private readonly ConcurrentDictionary<string, FileShape> _byLocation = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FileShape> _byKey = new(StringComparer.Ordinal);

    /// <summary>The shapes of files.</summary>
    /// <param name="duckDb">Reads the footers.</param>
    /// <param name="files">Locations of the files and where they are on this machine.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Shapes, in the order of the files.</returns>
    /// <exception cref="SqlEngineException">A file is no Parquet file.</exception>
    public async Task<IReadOnlyList<FileShape>> ReadAsync(
        DuckDbStatements duckDb, IReadOnlyList<(string Location, string Path)> files,
        CancellationToken cancellationToken)
    {
        if (_byLocation.Count > Most)
        {
            _byLocation.Clear();
        }

        var known = new Dictionary<string, FileShape>(StringComparer.Ordinal);
        var missing = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (location, path) in files)
        {
            if (_byLocation.TryGetValue(location, out var shape))
            {
                known[location] = shape;
            }
            else
            {
                missing[path] = location;
            }
        }

        foreach (var (path, key) in await KeysAsync(duckDb, missing, cancellationToken))
        {
            if (!_byKey.TryGetValue(key, out var shape))
            {
                shape = _byKey.GetOrAdd(key, await ReadAsync(duckDb, missing[path], path, cancellationToken));
            }

            known[missing[path]] = _byLocation[missing[path]] = shape;
        }

        return [.. files.Select(f => known[f.Location])];
    }

    /// <summary>
    /// A text for each file that tells its shape, so that only one file of each shape need be looked at closely.
    /// </summary>
    private static async Task<IReadOnlyList<(string Path, string Key)>> KeysAsync(
        DuckDbStatements duckDb, Dictionary<string, string> missing, CancellationToken cancellationToken)
    {
        if (missing.Count == 0)
        {
            return [];
        }

        try
        {
            var rows = await duckDb.RowsAsync($"""
                SELECT file_name, md5(string_agg(CAST(row({Facts}) AS VARCHAR), chr(2) ORDER BY column_id))
                FROM parquet_schema([{SqlText.List(missing.Keys.Select(SqlText.Literal))}]) GROUP BY file_name
                """, cancellationToken);
            return [.. rows.Select(r => ((string)r[0]!, (string)r[1]!))];
        }
        catch (SqlEngineException error)
        {
            if (missing.Count == 1)
            {
                throw Unreadable(missing.Values.First(), error);
            }

            // One of them cannot be read, and DuckDB does not say which.
            foreach (var (path, location) in missing)
            {
                _ = await KeysAsync(duckDb, new(StringComparer.Ordinal) { [path] = location }, cancellationToken);
            }

            throw;
        }
    }

    private static async Task<FileShape> ReadAsync(
        DuckDbStatements duckDb, string location, string path, CancellationToken cancellationToken)
    {
        var file = SqlText.Literal(path);
        try
        {
            var nodes = await duckDb.RowsAsync(
                $"SELECT {ParquetTree.Columns} FROM parquet_schema({file}) ORDER BY column_id", cancellationToken);
            var columns = await duckDb.ColumnsAsync(
                $"SELECT * FROM read_parquet({file}, hive_partitioning = false)", cancellationToken);
            return ParquetTree.Parse(nodes, [.. columns.Select(c => c.Type)]);
        }
        catch (SqlEngineException error)
        {
            throw Unreadable(location, error);
        }
    }

    /// <summary>
    /// DuckDB's messages do not always name the file, and know it by its place on this machine alone.
    /// </summary>
    private static SqlEngineException Unreadable(string location, SqlEngineException error) =>
        error.Message.Contains(location, StringComparison.Ordinal)
            ? error
            : new SqlEngineException($"The data file '{location}' cannot be read: {error.Message}", error);
}
