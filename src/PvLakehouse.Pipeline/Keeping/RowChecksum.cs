using System.Globalization;
using System.Numerics;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Pipeline.Keeping;

/// <summary>Number of rows of a table at a snapshot and a sum over them that knows no order.</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Sum">Sum of 64 bits of the MD5 of every row's text, as decimal digits; <c>0</c> for no rows.</param>
public sealed record RowChecksum(long Rows, string Sum)
{
    private const string Relation = "checked_rows";

    /// <summary>Reads a table at a snapshot.</summary>
    /// <remarks>
    /// A row's text is each value's length and text, null told from empty, so that no two different rows share one. MD5 is
    /// the same on every machine and in every version; a sum, unlike an exclusive or, also counts rows that occur twice.
    /// </remarks>
    /// <param name="session">A session of the lake; the name <c>checked_rows</c> is taken in it.</param>
    /// <param name="table">The table.</param>
    /// <param name="snapshotId">The snapshot; null for the current one.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="SqlEngineException">The table or a file of it cannot be read.</exception>
    public static async Task<RowChecksum> OfAsync(
        ISqlSession session, TableIdentifier table, long? snapshotId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        await session.BindAsync(Relation, new TableAt(table, snapshotId), cancellationToken);
        return await OfAsync(session, $"SELECT * FROM {Relation}", cancellationToken);
    }

    /// <summary>Reads the rows of a SELECT.</summary>
    /// <param name="session">The session in which the SELECT is valid.</param>
    /// <param name="select">The rows.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="SqlEngineException">The SELECT failed.</exception>
    public static async Task<RowChecksum> OfAsync(ISqlSession session, string select, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        var columns = new List<string>();
        await using (var described = await session.QueryAsync($"DESCRIBE {select}", parameters: null, cancellationToken))
        {
            await foreach (var row in described.ReadAsync().WithCancellation(cancellationToken))
            {
                columns.Add($"\"{((string)row[0]!).Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
            }
        }

        var text = string.Join(" || ", columns.Select(c =>
            $"coalesce(length(CAST({c} AS VARCHAR)) || ':' || CAST({c} AS VARCHAR), 'N')"));
        var result = await session.QueryAsync(
            $"SELECT count(*), coalesce(sum(CAST(md5_number_lower({text}) AS HUGEINT)), 0) FROM ({select})",
            parameters: null, cancellationToken);
        var sums = (await result.ToListAsync(cancellationToken))[0];
        return new RowChecksum(
            Convert.ToInt64(sums[0], CultureInfo.InvariantCulture),
            ((IFormattable)(sums[1] ?? BigInteger.Zero)).ToString(null, CultureInfo.InvariantCulture));
    }
}
