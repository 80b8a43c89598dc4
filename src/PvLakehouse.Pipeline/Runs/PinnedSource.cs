using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Pipeline.Quality;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>A source of a table at the snapshot that a run reads, and the one that the table was last made from.</summary>
/// <param name="Source">The source.</param>
/// <param name="Table">Its table.</param>
/// <param name="Pinned">What the run reads; null when the source has no rows.</param>
/// <param name="Consumed">What the target was made from; null when it never was.</param>
internal sealed record PinnedSource(ModelSource Source, Table Table, long? Pinned, long? Consumed)
{
    /// <summary>The snapshot whose rows the run reads: the pinned one, or the one that compaction made it of.</summary>
    public long? Rows => Pinned is { } id ? Watermark.RowsOf(Table.Metadata.FindSnapshot(id)!) : null;

    /// <summary>Whether the target has seen everything.</summary>
    public bool IsConsumed => Rows == Consumed || Pinned == Consumed;

    /// <summary>A source as a lake shows it now.</summary>
    public static async Task<PinnedSource> OfAsync(Lake lake, ModelSource source, Table target, CancellationToken cancellationToken)
    {
        var table = await lake.Tables.EnsureAsync(source.Table, cancellationToken);
        return new(source, table, lake.HeadOf(table)?.SnapshotId, Watermark.ConsumedBy(target.Metadata, lake.HeadOf(target), source.Table));
    }

    /// <summary>Gives the source its name in a session, and its rows that the target has not seen the name behind <c>added_</c>.</summary>
    public async Task BindAsync(ISqlSession session, ModelMode mode, CancellationToken cancellationToken)
    {
        await session.BindAsync(Source.Table.Name, new TableAt(Table.Identifier, Pinned), cancellationToken);
        await BindAddedAsync(session, mode, cancellationToken);
    }

    /// <summary>Binds <c>added_name</c>: all rows of the source, or those that changed since the consumed snapshot.</summary>
    private async Task BindAddedAsync(ISqlSession session, ModelMode mode, CancellationToken cancellationToken)
    {
        var name = $"added_{Source.Table.Name}";
        if (mode == ModelMode.Full || Consumed is not { } consumed || Pinned is not { } upTo || IsConsumed
            || Watermark.WithRowsOf(Table.Metadata, upTo, consumed) is not { } after)
        {
            // Nothing consumed yet, or the consumed snapshot has expired or was rolled back: everything counts as new. Already
            // consumed: nothing does.
            var empty = mode == ModelMode.Incremental && IsConsumed ? " WHERE false" : "";
            await session.ExecuteAsync($"CREATE TEMP VIEW {name} AS SELECT * FROM {Source.Table.Name}{empty}", cancellationToken);
            return;
        }

        await session.BindAsync($"{name}_files", new AddedBetween(Table.Identifier, after, upTo), cancellationToken);
        // A merge rewrites whole files; the stamp tells its changed rows from those it only carried along.
        var changed = Source.Table.Key.Count > 0 && Watermark.EarliestStamp(Table.Metadata, after, upTo) is { } stamp
            ? $" WHERE {QualityColumns.UpdatedAt} >= {Instants.Literal(stamp)}"
            : "";
        await session.ExecuteAsync($"CREATE TEMP VIEW {name} AS SELECT * FROM {name}_files{changed}", cancellationToken);
    }
}
