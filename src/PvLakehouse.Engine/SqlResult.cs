namespace PvLakehouse.Engine;

/// <summary>The rows of one query, readable once, in order.</summary>
/// <remarks>
/// Values are null or: bool, sbyte to ulong, <see cref="System.Numerics.BigInteger"/> (HUGEINT), float, double, decimal,
/// string, <see cref="DateOnly"/>, <see cref="TimeOnly"/>, <see cref="DateTime"/> (kind Unspecified for a wall clock, Utc for
/// an instant), <see cref="TimeSpan"/> (interval), <see cref="Guid"/>, byte[], lists and dictionaries of these. Times and decimals
/// that .NET cannot hold (infinity, years beyond 9999, more than 28 digits) come as text.
/// </remarks>
public sealed class SqlResult : IAsyncDisposable
{
    private readonly IAsyncEnumerable<object?[]> _rows;
    private readonly Func<ValueTask> _close;
    private bool _read;

    /// <summary>Wraps the rows of an engine.</summary>
    /// <param name="columns">The columns, in the order of the values.</param>
    /// <param name="rows">The rows; enumerated at most once.</param>
    /// <param name="close">Frees what the rows hold; may be called several times.</param>
    public SqlResult(IReadOnlyList<SqlColumn> columns, IAsyncEnumerable<object?[]> rows, Func<ValueTask>? close = null)
    {
        Columns = columns;
        _rows = rows;
        _close = close ?? (() => ValueTask.CompletedTask);
    }

    /// <summary>The columns, in the order of the values of a row.</summary>
    public IReadOnlyList<SqlColumn> Columns { get; }

    /// <summary>Which data files of Iceberg tables the query may open.</summary>
    public ScanStatistics Scan { get; init; }

    /// <summary>Streams the rows; each row is its own array.</summary>
    /// <exception cref="InvalidOperationException">The rows were read before.</exception>
    /// <exception cref="SqlEngineException">The query failed while it ran.</exception>
    public IAsyncEnumerable<object?[]> ReadAsync()
    {
        if (_read)
        {
            throw new InvalidOperationException("The rows of a result can be read once; run the query again.");
        }

        _read = true;
        return _rows;
    }

    /// <summary>Reads all rows into memory and closes the result.</summary>
    /// <exception cref="InvalidOperationException">The rows were read before.</exception>
    /// <exception cref="SqlEngineException">The query failed while it ran.</exception>
    public async Task<IReadOnlyList<object?[]>> ToListAsync(CancellationToken cancellationToken = default)
    {
        await using (this)
        {
            var list = new List<object?[]>();
            await foreach (var row in ReadAsync().WithCancellation(cancellationToken))
            {
                list.Add(row);
            }

            return list;
        }
    }

    /// <summary>Ends the query if it still runs.</summary>
    public ValueTask DisposeAsync() => _close();
}
