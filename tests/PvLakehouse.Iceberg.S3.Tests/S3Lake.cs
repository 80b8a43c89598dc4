using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Sql;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.S3.Tests;

/// <summary>A small table with its files in S3 and its catalog in a SQLite file.</summary>
internal sealed class S3Lake(string folder) : IDisposable
{
    private readonly TempFolder _database = new();

    public static TableIdentifier Energy { get; } = TableIdentifier.Parse("silver.energy");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public Task<SqlCatalog> OpenAsync(IFileIO io) => SqlCatalog.OpenSqliteAsync(
        Path.Combine(_database.Path, "catalog.db"), $"{folder}/warehouse", io, cancellationToken: Cancel);

    public async Task<Table> CreateAsync(IFileIO io)
    {
        var catalog = await OpenAsync(io);
        await catalog.CreateNamespaceAsync(Energy.Namespace, cancellationToken: Cancel);
        return await catalog.CreateTableAsync(
            Energy,
            new()
            {
                Schema = new Schema([NestedField.Mandatory(1, "id", IcebergType.Long)]),
                Properties = new Dictionary<string, string> { ["commit.retry.num-retries"] = "100", ["commit.retry.max-wait-ms"] = "50" },
            },
            Cancel);
    }

    public async Task<Table> LoadAsync(IFileIO io) => await (await OpenAsync(io)).LoadTableAsync(Energy, Cancel);

    /// <summary>Writes a file that stands for a data file.</summary>
    public async Task<DataFile> WriteAsync(IFileIO io, string name, int size = 100)
    {
        var location = $"{folder}/data/{name}";
        await using var file = await io.CreateAsync(location, Cancel);
        await file.Content.WriteAsync(new byte[size], Cancel);
        await file.CompleteAsync(Cancel);
        return new DataFile { FilePath = location, RecordCount = 1, FileSizeInBytes = size };
    }

    /// <summary>The names of the table's files; every one of them is read.</summary>
    public async Task<List<string>> FilesAsync(IFileIO io)
    {
        var found = new List<string>();
        await foreach (var task in (await LoadAsync(io)).NewScan().PlanFilesAsync(Cancel))
        {
            await using var stream = await io.OpenReadAsync(task.File.FilePath, Cancel);
            Assert.Equal(task.File.FileSizeInBytes, stream.Length);
            found.Add(Path.GetFileName(task.File.FilePath));
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _database.Dispose();
    }
}
