using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>Tells received values that are news from those that bronze has.</summary>
internal static class NewestKnown
{
    /// <summary>Makes <c>news</c>: those of the session's <c>rows</c> whose values differ from the newest known ones of their
    /// key.</summary>
    /// <returns>Whether there are any.</returns>
    /// <remarks>Only data files that can hold instants of the rows are opened.</remarks>
    public static async Task<bool> StageAsync(Lake lake, ISqlSession session, BronzeSeries series, CancellationToken cancellationToken)
    {
        var known = await BindAsync(lake, session, series, cancellationToken);
        if (known is null)
        {
            await session.ExecuteAsync("CREATE TEMP VIEW news AS SELECT * FROM rows", cancellationToken);
            return false;
        }

        var key = string.Join(", ", series.Key.Select(Quoted));
        var same = string.Join(" AND ", series.Key.Select(column => $"k.{Quoted(column)} = r.{Quoted(column)}"));
        var differs = string.Join(" OR ", series.Values.Select(column => $"r.{Quoted(column)} IS DISTINCT FROM k.{Quoted(column)}"));
        await session.ExecuteAsync(
            $"""
            CREATE TEMP TABLE news AS
            SELECT r.* FROM rows r
            LEFT JOIN (
              SELECT *, row_number() OVER (PARTITION BY {key} ORDER BY ingested_at DESC, ingest_batch_id DESC) AS newness FROM ({known})
            ) k ON {same} AND k.newness = 1
            WHERE k.newness IS NULL OR {differs}
            """,
            cancellationToken);
        var any = await session.QueryAsync("SELECT 1 FROM news LIMIT 1", parameters: null, cancellationToken);
        return (await any.ToListAsync(cancellationToken)).Count > 0;
    }

    /// <summary>Binds the table's files around the stamps of the rows, all of a table without stamps; null without rows.</summary>
    private static async Task<string?> BindAsync(Lake lake, ISqlSession session, BronzeSeries series, CancellationToken cancellationToken)
    {
        if (series.Stamp is not { } stamp)
        {
            await lake.BindAsync(session, series.Contract, "known", filter: null, cancellationToken);
            return "SELECT * FROM known";
        }

        var span = await session.QueryAsync(
            $"SELECT min({Quoted(stamp)}), max({Quoted(stamp)}) FROM rows", parameters: null, cancellationToken);
        var row = (await span.ToListAsync(cancellationToken))[0];
        if (row[0] is null)
        {
            return null;
        }

        var (first, last) = (Instants.From(row[0]), Instants.From(row[1]));
        var near = Expression.And(Expression.GreaterThanOrEqual(stamp, first), Expression.LessThanOrEqual(stamp, last));
        await lake.BindAsync(session, series.Contract, "known", near, cancellationToken);
        return $"""
            SELECT * FROM known
            WHERE {Quoted(stamp)} BETWEEN {Instants.Literal(first)} AND {Instants.Literal(last)}
              AND facility_code IN (SELECT DISTINCT facility_code FROM rows)
            """;
    }

    private static string Quoted(string column) => $"\"{column}\"";
}
