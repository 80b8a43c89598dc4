using Microsoft.Data.Sqlite;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Sql.Tests;

/// <summary>A folder with a SQLite catalog and a warehouse, removed after the test.</summary>
internal sealed class SqliteLake : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TableIdentifier Energy { get; } = TableIdentifier.Parse("silver.energy");

    public static Schema Schema { get; } = new([NestedField.Mandatory(1, "id", IcebergType.Long)]);

    public string Folder => _folder.Path;

    public string Database => Path.Combine(_folder.Path, "catalog.db");

    public string Warehouse => Path.Combine(_folder.Path, "warehouse");

    public Task<SqlCatalog> OpenAsync(string name = "lh", CatalogOptions? options = null) => SqlCatalog.OpenSqliteAsync(
        Database, Warehouse, new LocalFileIO(), name, options: options, cancellationToken: TestContext.Current.CancellationToken);

    public async Task<Table> CreateAsync(Dictionary<string, string>? properties = null)
    {
        var cancel = TestContext.Current.CancellationToken;
        var catalog = await OpenAsync();
        await catalog.CreateNamespaceAsync(Energy.Namespace, cancellationToken: cancel);
        return await catalog.CreateTableAsync(Energy, new() { Schema = Schema, Properties = properties ?? [] }, cancel);
    }

    /// <summary>Writes a small file that stands for a data file.</summary>
    public DataFile DataFile(string name)
    {
        var path = Path.Combine(Warehouse, "data", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, name);
        return new DataFile { FilePath = path, RecordCount = 1, FileSizeInBytes = name.Length };
    }

    public List<string?[]> Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string?[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetString(i))]);
        }

        return rows;
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }
}
