using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace PvLakehouse.Iceberg.Sql;

/// <summary>SQLite: one file, one writer at a time; the others wait.</summary>
internal sealed class SqliteDialect : SqlDialect
{
    private const int PrimaryKeyTaken = 1555;
    private const int UniqueKeyTaken = 2067;
    private const int Busy = 5;
    private const int Locked = 6;

    private readonly string _connectionString;
    private readonly string _waitForOthers;

    public SqliteDialect(string databasePath, TimeSpan busyTimeout)
    {
        Address = databasePath;
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = databasePath,
            Mode = SqliteOpenMode.ReadWriteCreate,
            DefaultTimeout = (int)Math.Ceiling(busyTimeout.TotalSeconds),
        }.ToString();

        // SQLite's own waiting looks again after milliseconds, that of the driver after 150 ms.
        _waitForOthers = string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {(long)busyTimeout.TotalMilliseconds}");
    }

    public override string Address { get; }

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await ExecuteAsync(connection, _waitForOthers, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Write-ahead logging: readers do not wait for writers, and a commit forces the disk once in place of three
    /// times.
    /// </summary>
    public override Task PrepareNewAsync(DbConnection connection, CancellationToken cancellationToken) =>
        ExecuteAsync(connection, "PRAGMA journal_mode = WAL", cancellationToken);

    /// <summary>
    /// BEGIN IMMEDIATE: a deferred transaction would be refused, not delayed, when it turns from reading to writing.
    /// </summary>
    public override Task<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: false));

    /// <summary>A write transaction of SQLite keeps every other writer out already.</summary>
    public override Task LockSetupAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public override async Task<bool> HasColumnAsync(
        DbConnection connection, string table, string column, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM pragma_table_info(@table) WHERE name = @column";
        Bind(command, "@table", table);
        Bind(command, "@column", column);
        return await command.ExecuteScalarAsync(cancellationToken) is > 0L;
    }

    /// <summary>Other constraints and triggers that refuse a row say nothing about other writers.</summary>
    public override bool IsKeyTaken(DbException failure) =>
        failure is SqliteException { SqliteExtendedErrorCode: PrimaryKeyTaken or UniqueKeyTaken };

    public override bool IsBusy(DbException failure) => failure is SqliteException { SqliteErrorCode: Busy or Locked };

    /// <summary>A file is there or not; waiting for other writers is done by SQLite itself.</summary>
    public override bool IsTransient(DbException failure) => false;

    public override Task<IAsyncDisposable?> TryLockAsync(string name, CancellationToken cancellationToken) =>
        throw new NotSupportedException("SQLite has no locks but that of the whole file; lock a file of your own.");

    public override ValueTask DisposeAsync()
    {
        SqliteConnection.ClearPool(new SqliteConnection(_connectionString));
        return ValueTask.CompletedTask;
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
