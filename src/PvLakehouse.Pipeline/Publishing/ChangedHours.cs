using PvLakehouse.Engine;
using PvLakehouse.Pipeline.Expectations;
using PvLakehouse.Pipeline.Quality;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Publishing;

/// <summary>Finds what of a table a run has changed, so that no more than that is audited.</summary>
internal static class ChangedHours
{
    /// <summary>The hours of changed rows; the whole table where that cannot be told; null when no row changed.</summary>
    public static async Task<CheckScope?> OfAsync(Lake lake, AuditedTable table, CancellationToken cancellationToken)
    {
        if (table.Published is not { } published || !table.Contract.Columns.Any(column => column.Name == ContractExpectations.Hour))
        {
            return CheckScope.All;
        }

        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        await session.BindAsync("added", new AddedBetween(table.Contract.Identifier, published, table.Audited), cancellationToken);
        // A merge rewrites whole files; the stamp tells its changed rows from those it only carried along.
        var changed = Watermark.EarliestStamp(table.Table.Metadata, published, table.Audited) is { } stamp
            ? $"WHERE {QualityColumns.UpdatedAt} >= {Instants.Literal(stamp)}"
            : "";
        var result = await session.QueryAsync(
            $"SELECT min({ContractExpectations.Hour}), max({ContractExpectations.Hour}) FROM added {changed}", parameters: null, cancellationToken);
        var row = (await result.ToListAsync(cancellationToken))[0];
        return row[0] is null ? null : new CheckScope(Instants.From(row[0]), Instants.From(row[1]));
    }
}
