using System.Globalization;
using DuckDB.NET.Data;
using PvLakehouse.Engine.DuckDb;
using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.DuckDb.Reading.Shapes;
using PvLakehouse.Engine.Files;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Engine.Tests.Reading;

/// <summary>Writes Parquet files with DuckDB alone and reads them as files of a table, with deletes chosen by the test.</summary>
internal sealed class FileReader : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pvlake-reader-").FullName;
    private readonly DuckDbInstance _instance;
    private readonly DuckDBConnection _connection;
    private readonly DuckDbStatements _duckDb;
    private readonly FileShapes _shapes = new();

    public FileReader(IReadOnlyList<string>? alsoAllowed = null)
    {
        var options = new DuckDbEngineOptions { TemporaryFolder = _folder, AllowedFolders = alsoAllowed ?? [], Threads = 2 };
        _instance = DuckDbInstance.Start(options);
        _connection = _instance.Connect();
        _duckDb = new DuckDbStatements(_connection);
        Reader = new TableReader(_connection, _duckDb, new SessionFiles(new DataFiles(new FileCache(options.CachePath, 1)), _shapes));
    }

    public TableReader Reader { get; }

    public string Folder => _folder;

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static PartitionSpec Unpartitioned => PartitionSpec.Unpartitioned;

    /// <summary>Metadata of a table that has these schemas, the last one being current.</summary>
    public static async Task<TableMetadata> MetadataAsync(
        IReadOnlyList<Schema> schemas, PartitionSpec? spec = null, Dictionary<string, string>? properties = null)
    {
        var catalog = new InMemoryCatalog("mem:/warehouse", new InMemoryFileIO());
        var name = TableIdentifier.Parse("a.t");
        await catalog.CreateNamespaceAsync(name.Namespace, cancellationToken: Cancel);
        var table = await catalog.CreateTableAsync(
            name, new TableCreation { Schema = new Schema([NestedField.Optional(1, "x", IcebergType.Int)]), Properties = properties ?? [] }, Cancel);

        // Field ids and types stay as the tests give them, whatever the format version.
        return table.Metadata with
        {
            Schemas = [.. schemas.Select((s, i) => s.WithId(i))], CurrentSchemaId = schemas.Count - 1, Specs = [spec ?? Unpartitioned],
        };
    }

    /// <summary>Runs a SELECT and writes its rows to a file.</summary>
    /// <param name="name">Name of the file.</param>
    /// <param name="select">The rows.</param>
    /// <param name="fieldIds">DuckDB's FIELD_IDS; empty for a file without ids.</param>
    /// <param name="options">More options of COPY, beginning with a comma.</param>
    public async Task<DataFile> WriteAsync(string name, string select, string fieldIds = "", string options = "")
    {
        var path = Path.Combine(_folder, name);
        var ids = fieldIds.Length > 0 ? $", FIELD_IDS {{{fieldIds}}}" : "";
        var count = await RowsOfAsync($"SELECT count(*) FROM ({select})");
        await _duckDb.ExecuteAsync($"COPY ({select}) TO '{path}' (FORMAT parquet{ids}{options})", Cancel);
        return new DataFile
        {
            FilePath = path,
            RecordCount = long.Parse(count[0], CultureInfo.InvariantCulture),
            FileSizeInBytes = new FileInfo(path).Length,
        };
    }

    /// <summary>A position delete file: pairs of a data file and a place.</summary>
    public async Task<DataFile> DeletePositionsAsync(string name, params (DataFile File, long Position)[] places)
    {
        var rows = string.Join(", ", places.Select(p => FormattableString.Invariant($"('{p.File.FilePath}', {p.Position}::BIGINT)")));
        var file = await WriteAsync(name, $"SELECT * FROM (VALUES {rows}) t(file_path, pos)", "file_path: 2147483546, pos: 2147483545");
        return file with { Content = FileContent.PositionDeletes };
    }

    /// <summary>An equality delete file.</summary>
    public async Task<DataFile> DeleteKeysAsync(string name, string select, string fieldIds, params int[] equalityIds) =>
        await WriteAsync(name, select, fieldIds) with { Content = FileContent.EqualityDeletes, EqualityIds = equalityIds };

    /// <summary>A deletion vector in a file of its own.</summary>
    /// <param name="name">Name of the file.</param>
    /// <param name="places">The deleted places, rising.</param>
    public async Task<DataFile> VectorAsync(string name, params ushort[] places)
    {
        var blob = DvBytes.Blob(DvBytes.Set((0, DvBytes.Bitmap((0, places.Length, DvBytes.Array(places))))));
        var path = Path.Combine(_folder, name);
        await File.WriteAllBytesAsync(path, DvBytes.Puffin("{\"blobs\":[]}", blob), Cancel);
        return new DataFile
        {
            Content = FileContent.PositionDeletes, Format = FileFormat.Puffin, FilePath = path, RecordCount = places.Length,
            FileSizeInBytes = new FileInfo(path).Length, ContentOffset = 4, ContentSizeInBytes = blob.Length,
        };
    }

    public static FileScanTask Task(DataFile file, long sequence, params (DataFile File, long Sequence)[] deletes) =>
        Task(file, Unpartitioned, sequence, deletes);

    public static FileScanTask Task(DataFile file, PartitionSpec spec, long sequence, params (DataFile File, long Sequence)[] deletes) =>
        new(file, spec, sequence, SnapshotId: sequence) { Deletes = [.. deletes.Select(d => new DeleteFile(d.File, d.Sequence))] };

    /// <summary>
    /// The live rows, each as its values joined by '|', in the order that the statement gives them; read both with and without a look into
    /// each file first, which must give the same.
    /// </summary>
    /// <param name="metadata">The table.</param>
    /// <param name="tasks">The files.</param>
    /// <param name="query">A statement over <c>t</c>.</param>
    /// <param name="schema">The columns wanted; null for the current ones.</param>
    /// <param name="io">The store; null for this machine.</param>
    public async Task<string[]> ReadAsync(
        TableMetadata metadata, IReadOnlyList<FileScanTask> tasks, string query = "FROM t ORDER BY ALL", Schema? schema = null, IFileIO? io = null)
    {
        var rows = await ReadAsync(whole: false);
        Assert.Equal(rows.Order(StringComparer.Ordinal), (await ReadAsync(whole: true)).Order(StringComparer.Ordinal));
        return rows;

        async Task<string[]> ReadAsync(bool whole)
        {
            await using var opened = await Reader.OpenAsync(
                io ?? new LocalFileIO(), metadata, schema ?? metadata.Schema, tasks, whole, Cancel);
            return await RowsOfAsync($"WITH t AS ({opened.Select}) {query}");
        }
    }

    public Task<TableRows> OpenAsync(
        TableMetadata metadata, IReadOnlyList<FileScanTask> tasks, IFileIO? io = null, bool whole = false) =>
        Reader.OpenAsync(io ?? new LocalFileIO(), metadata, metadata.Schema, tasks, whole, Cancel);

    public async Task<string[]> RowsOfAsync(string sql) =>
        [.. (await _duckDb.RowsAsync(sql, Cancel)).Select(r => string.Join('|', r.Select(Values.Text)))];

    public Task ExecuteAsync(string sql) => _duckDb.ExecuteAsync(sql, Cancel);

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _instance.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
