using System.Globalization;
using System.Runtime.CompilerServices;
using DuckDB.NET.Data;

namespace PvLakehouse.Engine.DuckDb;

/// <summary>Runs statements on one connection, off the caller's thread, and interrupts them on cancellation.</summary>
internal sealed class DuckDbStatements(DuckDBConnection connection)
{
    /// <summary>What every connection needs: instants are read, printed and cut into days in UTC.</summary>
    public const string SessionSettings = "SET TimeZone = 'UTC'";

    private static readonly TimeSpan InterruptEvery = TimeSpan.FromMilliseconds(20);

    public Task ExecuteAsync(string sql, CancellationToken cancellationToken) => ExecuteAsync(sql, null, cancellationToken);

    /// <summary>Runs a statement with values for its parameters.</summary>
    public Task ExecuteAsync(string sql, IReadOnlyDictionary<string, object?>? parameters, CancellationToken cancellationToken) =>
        RunAsync(sql, parameters, command => command.ExecuteNonQuery(), cancellationToken);

    /// <summary>Runs a statement and reads all of its few rows.</summary>
    public Task<List<object?[]>> RowsAsync(string sql, CancellationToken cancellationToken) => RowsAsync(sql, null, cancellationToken);

    /// <summary>Runs a statement with values for its parameters and reads all of its few rows.</summary>
    public Task<List<object?[]>> RowsAsync(
        string sql, IReadOnlyDictionary<string, object?>? parameters, CancellationToken cancellationToken) =>
        RunAsync(sql, parameters, command =>
        {
            using var reader = command.ExecuteReader();
            var rows = new List<object?[]>();
            while (reader.Read())
            {
                rows.Add(DuckDbValues.Row(reader));
            }

            return rows;
        }, cancellationToken);

    /// <summary>Runs work items on several connections to the same database, as many as there are threads.</summary>
    /// <remarks>One statement on little data keeps one thread busy; temporary tables are not visible in <paramref name="run"/>.</remarks>
    public async Task<IReadOnlyList<TResult>> InParallelAsync<T, TResult>(
        IReadOnlyList<T> items, Func<DuckDbStatements, T, int, CancellationToken, Task<TResult>> run, CancellationToken cancellationToken)
    {
        var threads = Convert.ToInt32((await RowsAsync("SELECT current_setting('threads')", cancellationToken))[0][0], CultureInfo.InvariantCulture);
        var results = new TResult[items.Count];
        var next = -1;
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(Enumerable.Range(0, Math.Min(threads, items.Count)).Select(_ => WorkAsync()));
        return results;

        async Task WorkAsync()
        {
            try
            {
                await using var worker = connection.Duplicate();
                await worker.OpenAsync(failed.Token);
                var duckDb = new DuckDbStatements(worker);
                await duckDb.ExecuteAsync(SessionSettings, failed.Token);
                while (Interlocked.Increment(ref next) is var index && index < items.Count)
                {
                    results[index] = await run(duckDb, items[index], index, failed.Token);
                }
            }
            catch
            {
                // The others stop too; Task.WhenAll reports this failure first because they end by cancellation.
                await failed.CancelAsync();
                throw;
            }
        }
    }

    /// <summary>The names and types of a SELECT's columns, found without running it.</summary>
    public Task<IReadOnlyList<SqlColumn>> ColumnsAsync(string select, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<SqlColumn>>($"DESCRIBE {SqlText.WithoutSemicolon(select)}", null, command =>
        {
            using var reader = command.ExecuteReader();
            var columns = new List<SqlColumn>();
            while (reader.Read())
            {
                columns.Add(new SqlColumn(reader.GetString(0), reader.GetString(1)));
            }

            return columns;
        }, cancellationToken);

    /// <summary>Starts a query whose rows are read while it runs.</summary>
    public async Task<(IReadOnlyList<SqlColumn> Columns, OpenQuery Query)> StreamAsync(
        string sql, IReadOnlyDictionary<string, object?>? parameters, CancellationToken cancellationToken)
    {
        var command = Command(sql, parameters);
        command.UseStreamingMode = true;
        try
        {
            var reader = await GuardAsync(command, command.ExecuteReader, cancellationToken);
            var columns = Enumerable.Range(0, reader.FieldCount)
                .Select(i => DuckDbValues.Column(reader, i)).ToList();
            return (columns, new OpenQuery(command, reader));
        }
        catch
        {
            await command.DisposeAsync();
            throw;
        }
    }

    private async Task<T> RunAsync<T>(
        string sql, IReadOnlyDictionary<string, object?>? parameters, Func<DuckDBCommand, T> run, CancellationToken cancellationToken)
    {
        await using var command = Command(sql, parameters);
        return await GuardAsync(command, () => run(command), cancellationToken);
    }

    private DuckDBCommand Command(string sql, IReadOnlyDictionary<string, object?>? parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters ?? new Dictionary<string, object?>(StringComparer.Ordinal))
        {
            command.Parameters.Add(new DuckDBParameter(name, value ?? DBNull.Value));
        }

        return command;
    }

    private static async Task<T> GuardAsync<T>(DuckDBCommand command, Func<T> run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            // DuckDB's calls block; a thread of the pool waits for them.
            var work = Task.Run(run, CancellationToken.None);
            await InterruptAsync(command, work, cancellationToken);
            return await work;
        }
        catch (DuckDBException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw DuckDbErrors.Clean(error);
        }
    }

    /// <summary>Waits for work and, once cancelled, interrupts it until it ends: DuckDB forgets an interrupt that comes before its query has begun.</summary>
    private static async Task InterruptAsync(DuckDBCommand command, Task work, CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled)
        {
            return;
        }

        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(cancelled.SetResult);
        await Task.WhenAny(work, cancelled.Task);
        while (!work.IsCompleted)
        {
            command.Cancel();
            await Task.WhenAny(work, Task.Delay(InterruptEvery, CancellationToken.None));
        }
    }

    /// <summary>A query that is being read.</summary>
    internal sealed class OpenQuery(DuckDBCommand command, DuckDBDataReader reader) : IAsyncDisposable
    {
        private const int RowsAtOnce = 1024;
        private bool _closed;

        public async IAsyncEnumerable<object?[]> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var batch = new List<object?[]>(RowsAtOnce);
            while (true)
            {
                if (_closed)
                {
                    throw new SqlEngineException("The result was closed by a later statement of its session; read it before running the next one.");
                }

                var more = await GuardAsync(command, () => Fill(batch), cancellationToken);
                foreach (var row in batch)
                {
                    yield return row;
                }

                if (!more)
                {
                    await DisposeAsync();
                    yield break;
                }

                batch.Clear();
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (!_closed)
            {
                _closed = true;
                await reader.DisposeAsync();
                await command.DisposeAsync();
            }
        }

        private bool Fill(List<object?[]> batch)
        {
            while (batch.Count < RowsAtOnce)
            {
                if (!reader.Read())
                {
                    return false;
                }

                batch.Add(DuckDbValues.Row(reader));
            }

            return true;
        }
    }
}
