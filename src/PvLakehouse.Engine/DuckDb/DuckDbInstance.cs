using System.Globalization;
using DuckDB.NET.Data;
using PvLakehouse.Engine.DuckDb.Writing;

namespace PvLakehouse.Engine.DuckDb;

/// <summary>A DuckDB of its own, in memory, that reaches nothing but the lake's folders; sessions use it one after the other.</summary>
/// <remarks>Starting one takes longer than most statements. What a session makes is temporary, so it ends with its connection.</remarks>
internal sealed class DuckDbInstance : IAsyncDisposable
{
    /// <summary>The catalog inside DuckDB that shows the Iceberg tables.</summary>
    public const string Catalog = "iceberg";

    private readonly DuckDBConnection _root;
    private readonly string _folder;

    private DuckDbInstance(DuckDBConnection root, string folder) => (_root, _folder) = (root, folder);

    /// <summary>Starts a DuckDB.</summary>
    /// <exception cref="SqlEngineException">The folder cannot be made, or DuckDB refuses an option.</exception>
    public static DuckDbInstance Start(DuckDbEngineOptions options)
    {
        var folder = Path.Combine(Path.GetFullPath(options.TemporaryFolder), $"duckdb-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SqlEngineException($"The temporary folder '{folder}' cannot be made: {error.Message}", error);
        }

        var settings = new DuckDBConnectionStringBuilder
        {
            DataSource = DuckDBConnectionStringBuilder.InMemoryDataSource,
            Threads = options.Threads ?? Environment.ProcessorCount,
            MemoryLimit = options.MemoryLimit,
            TempDirectory = folder,
            AutoloadKnownExtensions = false,
            AutoinstallKnownExtensions = false,
            AllowCommunityExtensions = false,
            AllowPersistentSecrets = false,
        };
        var root = new DuckDBConnection(settings.ToString());
        try
        {
            root.Open();
            BucketFunctions.Register(root);
            var folders = options.AllowedFolders.Append(options.TemporaryFolder).Append(options.CachePath)
                .Select(f => SqlText.Literal(Path.GetFullPath(f)));
            Execute(root, string.Create(CultureInfo.InvariantCulture, $"""
                ATTACH ':memory:' AS {Catalog};
                SET allowed_directories = [{SqlText.List(folders)}];
                SET enable_external_access = false;
                """));
            return new DuckDbInstance(root, folder);
        }
        catch (DuckDBException error)
        {
            root.Dispose();
            throw DuckDbErrors.Clean(error);
        }
    }

    /// <summary>A connection for one session.</summary>
    public DuckDBConnection Connect()
    {
        var connection = _root.Duplicate();
        connection.Open();
        Execute(connection, DuckDbStatements.SessionSettings);
        return connection;
    }

    /// <summary>Forgets the tables that the last session showed.</summary>
    /// <returns>False when the session left something else behind, so that no other may use this DuckDB.</returns>
    public bool TryClear()
    {
        try
        {
            using var left = _root.CreateCommand();
            left.CommandText = """
                SELECT (SELECT count(*) FROM duckdb_tables() WHERE NOT temporary AND database_name = 'memory')
                  + (SELECT count(*) FROM duckdb_views() WHERE NOT temporary AND NOT internal AND database_name = 'memory')
                """;
            if (Convert.ToInt64(left.ExecuteScalar(), CultureInfo.InvariantCulture) > 0)
            {
                return false;
            }

            Execute(_root, $"DETACH {Catalog}; ATTACH ':memory:' AS {Catalog};");
            return true;
        }
        catch (DuckDBException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _root.DisposeAsync();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
