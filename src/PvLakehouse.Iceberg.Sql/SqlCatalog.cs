using System.Data.Common;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Sql;

/// <summary>A catalog in the tables of the JDBC catalog, so that Spark and PyIceberg can share it.</summary>
/// <remarks>
/// Spark finds the tables when its catalog has the same name, PyIceberg when that name is passed to <c>load_catalog</c>.
/// Safe for concurrent use by threads and processes.
/// </remarks>
public sealed partial class SqlCatalog : MetastoreCatalog, IAsyncDisposable
{
    /// <summary>How long to wait before each new attempt to reach a database: 3 s in all.</summary>
    private static readonly TimeSpan[] Patience =
        [.. new[] { 100, 200, 400, 800, 1500 }.Select(ms => TimeSpan.FromMilliseconds(ms))];

    private readonly SqlDialect _dialect;
    private readonly TimeProvider _time;
    private readonly string _onlyTables;

    private SqlCatalog(
        SqlDialect dialect,
        bool hasTypes,
        string name,
        string warehouse,
        IFileIO io,
        CommitContext context,
        CatalogOptions? options)
        : base(name, warehouse, io, context, options)
    {
        _dialect = dialect;
        _time = context.Time;
        HasTypes = hasTypes;

        // Rows from before the column was added have no type: they are tables.
        _onlyTables = hasTypes ? " AND (iceberg_type = 'TABLE' OR iceberg_type IS NULL)" : "";
    }

    /// <summary>
    /// Whether the database tells tables from views (version 1 of its tables); older clients make version 0.
    /// </summary>
    public bool HasTypes { get; }

    /// <summary>Where the database is, for messages: a path, or an address without password.</summary>
    public string Address => _dialect.Address;

    /// <summary>Takes a lock that cooperating programs agree on, for as long as one of them must be alone.</summary>
    /// <param name="purpose">What the lock is for; other purposes are other locks, and so are catalogs of other names.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    /// <returns>
    /// What releases the lock when disposed; null when another program holds it. A program that dies releases it too.
    /// Commits do not need it: they are safe against each other anyway.
    /// </returns>
    /// <exception cref="IcebergException">The database failed.</exception>
    /// <exception cref="NotSupportedException">The database knows no such locks: SQLite.</exception>
    public async Task<IAsyncDisposable?> TryLockAsync(string purpose, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        try
        {
            return await PatientlyAsync(
                () => _dialect.TryLockAsync($"iceberg/{Name}/{purpose}", cancellationToken), mayRepeat: () => true, cancellationToken);
        }
        catch (DbException e)
        {
            throw Failed(e);
        }
    }

    /// <summary>Closes the connections that are kept for another use.</summary>
    public ValueTask DisposeAsync() => _dialect.DisposeAsync();

    /// <inheritdoc/>
    public override Task<IReadOnlyList<TableIdentifier>> ListTablesAsync(
        Namespace @namespace, CancellationToken cancellationToken = default) => ReadAsync<IReadOnlyList<TableIdentifier>>(
        async session =>
        {
            var rows = await session.QueryAsync(
                "SELECT table_name FROM iceberg_tables WHERE catalog_name = @catalog AND table_namespace = "
                + $"@namespace{_onlyTables}",
                cancellationToken,
                ("@catalog", Name),
                ("@namespace", Text(@namespace)));
            return rows.Count > 0 || await ExistsAsync(session, @namespace, cancellationToken)
                ? [.. rows.Select(r => new TableIdentifier(@namespace, r[0]!)).OrderBy(t => t.Name, StringComparer.Ordinal)]
                : throw NoSuchNamespace(@namespace);
        },
        cancellationToken);

    /// <inheritdoc/>
    public override Task DropTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default) => WriteAsync(
        async session =>
        {
            var rows = await session.ExecuteAsync(
                $"DELETE FROM iceberg_tables WHERE {ThisTable}{_onlyTables}", cancellationToken, Key(identifier));
            return rows == 0 ? throw NoSuchTable(identifier) : rows;
        },
        cancellationToken);

    /// <inheritdoc/>
    public override Task RenameTableAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default) =>
        WriteAsync(
            async session =>
            {
                if (!await ExistsAsync(session, to.Namespace, cancellationToken))
                {
                    throw NoSuchNamespace(to.Namespace);
                }

                try
                {
                    var rows = await session.ExecuteAsync(
                        "UPDATE iceberg_tables SET table_namespace = @toNamespace, table_name = @toName "
                        + $"WHERE {ThisTable}{_onlyTables}",
                        cancellationToken,
                        [.. Key(from), ("@toNamespace", Text(to.Namespace)), ("@toName", CheckedName(to.Name))]);
                    return rows == 0 ? throw NoSuchTable(from) : rows;
                }
                catch (DbException e) when (_dialect.IsKeyTaken(e))
                {
                    throw TableExists(to, e);
                }
            },
            cancellationToken);

    /// <inheritdoc/>
    protected override Task<string?> FindMetadataAsync(TableIdentifier identifier, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        return ReadAsync(
            async session => (await session.QueryAsync(
                $"SELECT metadata_location FROM iceberg_tables WHERE {ThisTable}{_onlyTables}",
                cancellationToken,
                Key(identifier))) is [var row] ? row[0] : null,
            cancellationToken);
    }

    /// <inheritdoc/>
    protected override void CheckMetadataLocation(string location)
    {
        if (location.Length > JdbcTables.LongestValue)
        {
            throw new IcebergException(
                $"The metadata location would have {location.Length} characters; the catalog holds "
                + $"{JdbcTables.LongestValue}. "
                + "Choose a shorter table location.");
        }
    }

    /// <inheritdoc/>
    protected override Task<(SwapOutcome Outcome, Exception? Cause)> SwapAsync(
        TableIdentifier identifier, string? expected, string next, CancellationToken cancellationToken) =>
        SwapAllAsync([new MetadataSwap(identifier, expected, next)], cancellationToken);

    /// <inheritdoc/>
    protected override async Task<(SwapOutcome Outcome, Exception? Cause)> SwapAllAsync(
        IReadOnlyList<MetadataSwap> swaps, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(swaps);
        var committing = false;
        try
        {
            return await PatientlyAsync(
                async () =>
                {
                    await using var connection = await _dialect.OpenAsync(cancellationToken);
                    await using var transaction = await _dialect.BeginWriteAsync(connection, cancellationToken);
                    var session = new SqlSession(connection, transaction);

                    // Rows are locked in one order everywhere, so that two such transactions never wait for each other.
                    foreach (var swap in swaps.OrderBy(s => s.Identifier.ToString(), StringComparer.Ordinal))
                    {
                        if (await SwapRowAsync(session, swap, cancellationToken) != 1)
                        {
                            // The end of the transaction undoes what was done for the tables before.
                            return (SwapOutcome.Lost, (Exception?)null);
                        }
                    }

                    // From here on the outcome is open until the database answers, so nothing may interrupt it.
                    committing = true;
                    await transaction.CommitAsync(CancellationToken.None);
                    return (SwapOutcome.Swapped, null);
                },
                mayRepeat: () => !committing,
                cancellationToken);
        }
        catch (DbException e) when (_dialect.IsBusy(e))
        {
            return (SwapOutcome.Lost, e);
        }
        catch (DbException e) when (committing)
        {
            return (SwapOutcome.Unknown, e);
        }
        catch (DbException e) when (_dialect.IsKeyTaken(e))
        {
            return (SwapOutcome.Lost, e);
        }
        catch (DbException e)
        {
            throw Failed(e);
        }
    }

    private Task<int> SwapRowAsync(SqlSession session, MetadataSwap swap, CancellationToken cancellationToken)
    {
        var (identifier, expected, next) = swap;
        return expected is null
            ? InsertAsync(session, identifier, next, cancellationToken)
            : session.ExecuteAsync(
                "UPDATE iceberg_tables SET metadata_location = @next, previous_metadata_location = @expected "
                + $"WHERE {ThisTable} AND metadata_location = @expected{_onlyTables}",
                cancellationToken,
                [.. Key(identifier), ("@next", next), ("@expected", expected)]);
    }

    private Task<int> InsertAsync(
        SqlSession session, TableIdentifier identifier, string next, CancellationToken cancellationToken) => session.ExecuteAsync(
        HasTypes
            ? "INSERT INTO iceberg_tables (catalog_name, table_namespace, table_name, metadata_location, "
                + "previous_metadata_location, iceberg_type) VALUES (@catalog, @namespace, @name, @next, NULL, 'TABLE')"
            : "INSERT INTO iceberg_tables (catalog_name, table_namespace, table_name, metadata_location, "
                + "previous_metadata_location) VALUES (@catalog, @namespace, @name, @next, NULL)",
        cancellationToken,
        [.. Key(identifier), ("@next", next)]);

    private const string ThisTable = "catalog_name = @catalog AND table_namespace = @namespace AND table_name = @name";

    private (string Name, string? Value)[] Key(TableIdentifier identifier) =>
        [("@catalog", Name), ("@namespace", Text(identifier.Namespace)), ("@name", CheckedName(identifier.Name))];

    private static string CheckedName(string name) => name.Length <= JdbcTables.LongestName ? name : throw new ArgumentException(
        $"Name '{name[..40]}...' has {name.Length} characters; the catalog holds "
        + $"{JdbcTables.LongestName}.", nameof(name));

    /// <summary>
    /// The levels joined by dots. The catalog's tables have no way to escape a dot, so a level must not hold one.
    /// </summary>
    private static string Text(Namespace @namespace)
    {
        ArgumentNullException.ThrowIfNull(@namespace);
        return @namespace.Levels.FirstOrDefault(l => l.Contains('.', StringComparison.Ordinal)) is { } dotted
            ? throw new ArgumentException(
                $"Namespace level '{dotted}' holds a dot, which a SQL catalog cannot keep.", nameof(@namespace))
            : CheckedName(@namespace.ToString());
    }

    private async Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await PatientlyAsync(
                async () =>
                {
                    await using var connection = await _dialect.OpenAsync(cancellationToken);
                    return await read(new SqlSession(connection));
                },
                mayRepeat: () => true,
                cancellationToken);
        }
        catch (DbException e)
        {
            throw Failed(e);
        }
    }

    private async Task WriteAsync(Func<SqlSession, Task<int>> write, CancellationToken cancellationToken)
    {
        var committing = false;
        try
        {
            await PatientlyAsync(
                async () =>
                {
                    await using var connection = await _dialect.OpenAsync(cancellationToken);
                    await using var transaction = await _dialect.BeginWriteAsync(connection, cancellationToken);
                    var rows = await write(new SqlSession(connection, transaction));
                    committing = true;
                    await transaction.CommitAsync(CancellationToken.None);
                    return rows;
                },
                mayRepeat: () => !committing,
                cancellationToken);
        }
        catch (DbException e)
        {
            throw Failed(e);
        }
    }

    private Task<T> PatientlyAsync<T>(Func<Task<T>> attempt, Func<bool> mayRepeat, CancellationToken cancellationToken) =>
        PatientlyAsync(_dialect, _time, attempt, cancellationToken, mayRepeat);

    /// <summary>Tries again while the database cannot be reached, for a few seconds.</summary>
    private static async Task<T> PatientlyAsync<T>(
        SqlDialect dialect,
        TimeProvider time,
        Func<Task<T>> attempt,
        CancellationToken cancellationToken,
        Func<bool>? mayRepeat = null)
    {
        foreach (var wait in Patience)
        {
            try
            {
                return await attempt();
            }
            catch (DbException e) when (dialect.IsTransient(e) && mayRepeat?.Invoke() != false)
            {
                await Task.Delay(wait, time, cancellationToken);
            }
        }

        return await attempt();
    }

    private IcebergException Failed(DbException e) => new($"Catalog '{Name}': the database failed: {e.Message}", e);
}
