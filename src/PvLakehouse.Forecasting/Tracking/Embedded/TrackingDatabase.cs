using System.Globalization;
using Microsoft.Data.Sqlite;

namespace PvLakehouse.Forecasting.Tracking.Embedded;

/// <summary>The SQLite file of experiments, runs and models: one writer at a time, every commit forced to the disk.</summary>
/// <remarks>SQLite works synchronously; each call holds a connection of its own, so calls of several threads and processes mix.</remarks>
internal sealed class TrackingDatabase : IAsyncDisposable
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(30);

    private readonly string _connectionString;

    private TrackingDatabase(string path)
    {
        Path = path;
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            ForeignKeys = true,
            DefaultTimeout = (int)BusyTimeout.TotalSeconds,
        }.ToString();
    }

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    /// <summary>Opens the file, which is made when it is not there.</summary>
    /// <exception cref="TrackingException">It is not ours, of a newer version, damaged, or cannot be opened.</exception>
    public static async Task<TrackingDatabase> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var database = new TrackingDatabase(path);
        try
        {
            if (!await database.WithAsync(connection => IsOurs(connection, path), cancellationToken))
            {
                await database.WithAsync(connection => connection.Execute("PRAGMA journal_mode = WAL"), cancellationToken);
                await database.WriteAsync(connection => Create(connection, path), cancellationToken);
            }

            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads in one transaction: what other writers commit meanwhile is not seen.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken) =>
        InTransactionAsync(read, isWrite: false, cancellationToken);

    /// <summary>Writes in one transaction, all or nothing; on return it is on the disk.</summary>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellationToken) =>
        InTransactionAsync(write, isWrite: true, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
        return ValueTask.CompletedTask;
    }

    private Task<T> InTransactionAsync<T>(Func<SqliteConnection, T> work, bool isWrite, CancellationToken cancellationToken) =>
        WithAsync(
            connection =>
            {
                // A deferred transaction would be refused, not delayed, when it turns from reading to writing.
                using var transaction = connection.BeginTransaction(deferred: !isWrite);
                var result = work(connection);
                transaction.Commit();
                return result;
            },
            cancellationToken);

    private async Task<T> WithAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new SqliteConnection(_connectionString);
            await connection.OpenAsync(cancellationToken);

            // SQLite's own waiting looks again after milliseconds, that of the driver after 150 ms. Full: a commit outlives a loss of
            // power.
            connection.Execute(string.Create(
                CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {(long)BusyTimeout.TotalMilliseconds}; PRAGMA synchronous = FULL"));
            return work(connection);
        }
        catch (SqliteException e)
        {
            throw Explain(e);
        }
    }

    /// <summary>Whether the file has our tables; false when it is new.</summary>
    private static bool IsOurs(SqliteConnection connection, string path)
    {
        var application = (long)connection.Scalar("PRAGMA application_id")!;
        var version = (long)connection.Scalar("PRAGMA user_version")!;
        if (application == 0 && version == 0 && (long)connection.Scalar("SELECT count(*) FROM sqlite_master")! == 0)
        {
            return false;
        }

        if (application != TrackingSchema.ApplicationId)
        {
            throw new TrackingException(
                TrackingFault.UnreadableStore,
                $"'{path}' is a SQLite database of another program, not a tracking file; move it away, or choose another folder.");
        }

        return version == TrackingSchema.Version ? true : throw new TrackingException(
            TrackingFault.UnreadableStore,
            $"'{path}' has layout {version}, and this program knows layout {TrackingSchema.Version} only; use the program that wrote it, "
            + "or a newer one.");
    }

    private static bool Create(SqliteConnection connection, string path)
    {
        // Another process may have been faster.
        if (!IsOurs(connection, path))
        {
            connection.Execute(TrackingSchema.Sql);
            connection.Execute(string.Create(
                CultureInfo.InvariantCulture,
                $"PRAGMA application_id = {TrackingSchema.ApplicationId}; PRAGMA user_version = {TrackingSchema.Version}"));
        }

        return true;
    }

    private TrackingException Explain(SqliteException failure) => failure.SqliteErrorCode switch
    {
        Busy or Locked => new(
            TrackingFault.TemporarilyUnavailable,
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{Path}' was locked by another process for {BusyTimeout.TotalSeconds:0} s; try again when that has ended."),
            failure),
        NotADatabase => new(
            TrackingFault.UnreadableStore, $"'{Path}' is no SQLite database; move it away, or restore it from a backup.", failure),
        Corrupt => new(TrackingFault.UnreadableStore, $"'{Path}' is damaged ({failure.Message}); restore it from a backup.", failure),
        _ => new(TrackingFault.UnreadableStore, $"'{Path}' cannot be read or written: {failure.Message}", failure),
    };
}
