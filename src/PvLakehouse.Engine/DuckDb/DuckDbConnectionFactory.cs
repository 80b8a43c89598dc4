using System.Globalization;
using DuckDB.NET.Data;
using PvLakehouse.Engine.DuckDb.Writing;

namespace PvLakehouse.Engine.DuckDb;

/// <summary>Opens DuckDB instances of their own, in memory, that reach nothing but the lake's folders.</summary>
internal static class DuckDbConnectionFactory
{
    /// <summary>The catalog inside DuckDB that shows the Iceberg tables.</summary>
    public const string Catalog = "iceberg";

    public static DuckDBConnection Open(DuckDbEngineOptions options, string temporaryFolder)
    {
        var settings = new DuckDBConnectionStringBuilder
        {
            DataSource = DuckDBConnectionStringBuilder.InMemoryDataSource,
            Threads = options.Threads ?? Environment.ProcessorCount,
            MemoryLimit = options.MemoryLimit,
            TempDirectory = temporaryFolder,
            AutoloadKnownExtensions = false,
            AutoinstallKnownExtensions = false,
            AllowCommunityExtensions = false,
            AllowPersistentSecrets = false,
        };
        var connection = new DuckDBConnection(settings.ToString());
        try
        {
            connection.Open();
            BucketFunctions.Register(connection);
            var folders = options.AllowedFolders.Append(options.TemporaryFolder).Append(options.CachePath)
                .Select(f => SqlText.Literal(Path.GetFullPath(f)));
            using var command = connection.CreateCommand();
            command.CommandText = string.Create(CultureInfo.InvariantCulture, $"""
                {DuckDbStatements.SessionSettings};
                ATTACH ':memory:' AS {Catalog};
                SET allowed_directories = [{SqlText.List(folders)}];
                SET enable_external_access = false;
                """);
            command.ExecuteNonQuery();
            return connection;
        }
        catch (DuckDBException error)
        {
            connection.Dispose();
            throw DuckDbErrors.Clean(error);
        }
    }
}
