using Microsoft.Data.Sqlite;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Sql.Tests;

/// <summary>Catalogs that PyIceberg wrote (version 0 of the tables): they must simply open.</summary>
public sealed class PyIcebergCatalogTests
{
    [Fact]
    public async Task Every_catalog_of_the_fixtures_opens_and_its_tables_plan()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        var root = SharedFixtures.Path("");
        var (catalogs, tables, rows) = (0, 0, 0L);
        foreach (var original in Directory.EnumerateFiles(SharedFixtures.Path("data/persistent"), "*", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) is "pyiceberg_catalog.db" or "catalog.sqlite" or "catalog.db"))
        {
            var copy = Path.Combine(folder.Path, $"{catalogs++}.db");
            File.Copy(original, copy);
            foreach (var name in CatalogNames(copy))
            {
                var catalog = await SqlCatalog.OpenSqliteAsync(copy, folder.Path, new RelativeFileIO(root), name, cancellationToken: cancel);
                Assert.False(catalog.HasTypes);
                foreach (var ns in await catalog.ListNamespacesAsync(cancellationToken: cancel))
                {
                    foreach (var identifier in await catalog.ListTablesAsync(ns, cancel))
                    {
                        try
                        {
                            var table = await catalog.LoadTableAsync(identifier, cancel);
                            await foreach (var task in table.NewScan().PlanFilesAsync(cancel))
                            {
                                rows += task.File.RecordCount;
                            }

                            tables++;
                        }
                        catch (IcebergFormatException e) when (e.Message.Contains("format version 3", StringComparison.Ordinal))
                        {
                            // Newer than what is read here, and said so.
                        }
                    }
                }
            }
        }

        SqliteConnection.ClearAllPools();
        Assert.True(catalogs >= 5 && tables >= 5 && rows >= 10, $"{catalogs} catalogs, {tables} tables, {rows} rows");
    }

    private static List<string> CatalogNames(string database)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT DISTINCT catalog_name FROM iceberg_tables";
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}
