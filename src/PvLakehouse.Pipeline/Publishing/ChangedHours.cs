using PvLakehouse.Engine;
using PvLakehouse.Pipeline.Expectations;
using PvLakehouse.Pipeline.Quality;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Publishing;

/// <summary>Finds what of a table a run has changed, so that no more than that is audited.</summary>
internal static class ChangedHours
{
    /// <summary>The hours or days of changed rows; the whole table where that cannot be told; null when no row changed.</summary>
    public static async Task<CheckScope?> OfAsync(Lake lake, AuditedTable table, CancellationToken cancellationToken)
    {
        if (table.Published is not { } published || ContractExpectations.TimeOf(table.Contract) is not { } time)
        {
            return CheckScope.All;
        }

        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        await session.BindAsync("added", new AddedBetween(table.Contract.Identifier, published, table.Audited), cancellationToken);
        // A merge rewrites whole files; the stamp tells its changed rows from those it only carried along.
        var changed = Watermark.EarliestStamp(table.Table.Metadata, published, table.Audited) is { } stamp
            ? $"WHERE {QualityColumns.UpdatedAt} >= {Instants.Literal(stamp)}"
            : "";
        var span = await RowSpan.OfAsync(session, $"SELECT min({time.Name}), max({time.Name}) FROM added {changed}", cancellationToken);
        return span is null ? null : CheckScope.Of(span);
    }
}
