using System.Data;
using System.Data.Common;
using Npgsql;

namespace PvLakehouse.Iceberg.Sql;

/// <summary>PostgreSQL: a server that many processes share; rows are locked, not the database.</summary>
internal sealed class PostgresDialect(NpgsqlDataSource source, string address) : SqlDialect
{
    public override string Address => address;

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken) =>
        await source.OpenConnectionAsync(cancellationToken);

    public override Task PrepareNewAsync(DbConnection connection, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Read committed: an UPDATE that finds its row locked waits, looks at the row again, and then matches or does not.
    /// </summary>
    public override async Task<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken) =>
        await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);

    /// <summary>Two processes that make the same table at once would meet in the system's own tables and one would fail.</summary>
    public override async Task LockSetupAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT pg_advisory_xact_lock(hashtext('iceberg_tables'))";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Looks where a plain name leads: the search path of the connection decides.</summary>
    public override async Task<bool> HasColumnAsync(
        DbConnection connection, string table, string column, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass(@table) AND attname = @column AND NOT attisdropped";
        Bind(command, "@table", table);
        Bind(command, "@column", column);
        return await command.ExecuteScalarAsync(cancellationToken) is > 0L;
    }

    public override bool IsKeyTaken(DbException failure) => failure.SqlState == PostgresErrorCodes.UniqueViolation;

    public override bool IsBusy(DbException failure) => failure.SqlState
        is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable;

    /// <summary>
    /// Connections that were refused or lost (class 08 or no answer at all), and servers that start, stop or are full.
    /// </summary>
    public override bool IsTransient(DbException failure) => failure.SqlState switch
    {
        null => failure.IsTransient,
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.TooManyConnections => true,
        var state => state.StartsWith("08", StringComparison.Ordinal),
    };

    /// <summary>A lock of the session: its connection stays open until the lock is released.</summary>
    public override async Task<IAsyncDisposable?> TryLockAsync(string name, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT pg_try_advisory_lock(hashtextextended(@name, 0))";
            Bind(command, "@name", name);
            if (await command.ExecuteScalarAsync(cancellationToken) is true)
            {
                return new SessionLock(connection, name);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    public override ValueTask DisposeAsync() => source.DisposeAsync();

    private sealed class SessionLock(NpgsqlConnection connection, string name) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await using var command = connection.CreateCommand();
                command.CommandText = "SELECT pg_advisory_unlock(hashtextextended(@name, 0))";
                Bind(command, "@name", name);
                await command.ExecuteNonQueryAsync();
            }
            catch (DbException)
            {
                // A connection that is broken holds no lock any more.
            }

            await connection.DisposeAsync();
        }
    }
}
