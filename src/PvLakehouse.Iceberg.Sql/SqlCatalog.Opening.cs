using System.Data.Common;
using Npgsql;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Sql;

/// <content>Opening a database.</content>
public sealed partial class SqlCatalog
{
    /// <summary>How long a writer waits for another by default.</summary>
    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Opens a catalog in a SQLite file, which is made when it does not exist.</summary>
    /// <param name="databasePath">Path of the SQLite file.</param>
    /// <param name="warehouse">
    /// Root under which tables lie that name no location of their own: an absolute path or URI.
    /// </param>
    /// <param name="io">Storage of metadata files.</param>
    /// <param name="name">
    /// Name under which the catalog keeps its tables; Spark calls it the name of the Spark catalog.
    /// </param>
    /// <param name="context">Clock and ids; null means those of the system.</param>
    /// <param name="options">What the catalog decides for its tables; null means nothing.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="IcebergException">The file is no database, or cannot be opened.</exception>
    public static async Task<SqlCatalog> OpenSqliteAsync(
        string databasePath,
        string warehouse,
        IFileIO io,
        string name = "lh",
        CommitContext? context = null,
        CatalogOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(databasePath);
        var dialect = new SqliteDialect(databasePath, BusyTimeout);
        try
        {
            var hasTypes = await JdbcTables.PrepareAsync(dialect, cancellationToken);
            return new SqlCatalog(dialect, hasTypes, name, warehouse, io, context ?? CommitContext.System, options);
        }
        catch (DbException e)
        {
            throw new IcebergException($"The catalog in '{databasePath}' cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Opens a catalog in a PostgreSQL database, which must be there; its tables are made when they are not.</summary>
    /// <param name="address">
    /// <c>postgresql://user:password@host:port/database</c> (also <c>postgres://</c>, <c>jdbc:postgresql://</c>), or a
    /// connection string of Npgsql. What is missing comes from PGUSER, PGPASSWORD and PGPASSFILE.
    /// </param>
    /// <param name="warehouse">Root under which tables lie that name no location of their own.</param>
    /// <param name="io">Storage of metadata files.</param>
    /// <param name="name">
    /// Name under which the catalog keeps its tables; Spark calls it the name of the Spark catalog.
    /// </param>
    /// <param name="context">Clock and ids; null means those of the system.</param>
    /// <param name="options">What the catalog decides for its tables; null means nothing.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <remarks>Connections are kept for another use until the catalog is disposed.</remarks>
    /// <exception cref="IcebergException">
    /// The address is malformed, the server cannot be reached, or it refuses the user. Messages hold no password.
    /// </exception>
    public static async Task<SqlCatalog> OpenPostgresAsync(
        string address,
        string warehouse,
        IFileIO io,
        string name = "lh",
        CommitContext? context = null,
        CatalogOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var connection = PostgresAddress.Parse(address);
        var dialect = new PostgresDialect(NpgsqlDataSource.Create(connection), PostgresAddress.Describe(connection));
        try
        {
            var time = (context ?? CommitContext.System).Time;
            var hasTypes = await PatientlyAsync(
                dialect, time, () => JdbcTables.PrepareAsync(dialect, cancellationToken), cancellationToken);
            return new SqlCatalog(dialect, hasTypes, name, warehouse, io, context ?? CommitContext.System, options);
        }
        catch (DbException e)
        {
            await dialect.DisposeAsync();
            throw new IcebergException($"The catalog at {dialect.Address} cannot be opened: {e.Message}", e);
        }
    }
}
