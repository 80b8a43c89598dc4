using System.Globalization;
using PvLakehouse.Engine.Sql.TimeTravel;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Inspect;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>Finds out what the names of a statement show: tables, tables at other versions, metadata tables.</summary>
internal sealed class ShownTables(TableLookup tables, DuckDbStatements duckDb)
{
    /// <summary>What a name shows; null when there is nothing of that name.</summary>
    /// <param name="mention">The name.</param>
    /// <param name="travels">Names that stand for other versions.</param>
    /// <param name="parameters">Values of the statement's parameters.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SqlEngineException">The table has no such version.</exception>
    public async Task<ShownTable?> FindAsync(
        TableMention mention,
        IReadOnlyList<TravelReference> travels,
        IReadOnlyDictionary<string, object?> parameters,
        CancellationToken cancellationToken)
    {
        var travel = travels.FirstOrDefault(t => mention.IsSame(new TableMention(t.Namespace, t.Name)));
        var named = travel is null ? mention : new TableMention(travel.Namespace, travel.Table);
        if (await tables.FindAsync(named, cancellationToken) is { } table)
        {
            if (travel is null)
            {
                return new ShownRows(TableLookup.MentionOf(table.Identifier), table, table.NewScan(), table.MetadataLocation);
            }

            var version = await VersionAsync(table, travel, parameters, cancellationToken);
            var scan = version.Ref is { } name ? table.NewScan().UseRef(name) : table.NewScan().UseSnapshot(version.SnapshotId);
            return new ShownRows(mention, table, scan, $"{table.MetadataLocation} {version.Ref ?? version.SnapshotId.ToString(CultureInfo.InvariantCulture)}");
        }

        return await MetadataAsync(mention, named, travel, parameters, cancellationToken) ?? (travel is null
            ? null
            : throw await tables.MissingAsync(named, cancellationToken));
    }

    private async Task<ShownTable?> MetadataAsync(
        TableMention mention,
        TableMention named,
        TravelReference? travel,
        IReadOnlyDictionary<string, object?> parameters,
        CancellationToken cancellationToken)
    {
        var dollar = named.Name.LastIndexOf('$');
        if (dollar <= 0 || MetadataTable.Find(named.Name[(dollar + 1)..]) is not { } kind
            || await tables.FindAsync(named with { Name = named.Name[..dollar] }, cancellationToken) is not { } table)
        {
            return null;
        }

        if (travel is not null && !kind.IsOfOneSnapshot)
        {
            throw new SqlEngineException($"The metadata table '{kind.Name}' is about the whole table {table.Identifier} and has no versions; leave out FOR ... AS OF.");
        }

        long? snapshot = travel is null ? null : (await VersionAsync(table, travel, parameters, cancellationToken)).SnapshotId;
        return new ShownMetadata(mention, table, kind, snapshot);
    }

    private async Task<(string? Ref, long SnapshotId)> VersionAsync(
        Table table, TravelReference travel, IReadOnlyDictionary<string, object?> parameters, CancellationToken cancellationToken)
    {
        var cast = travel.ByTime ? "CAST(({0}) AS TIMESTAMP WITH TIME ZONE)" : "({0})";
        var used = parameters.Where(p => travel.Expression.Contains($"${p.Key}", StringComparison.Ordinal)).ToDictionary();
        var value = (await duckDb.RowsAsync(
            $"SELECT {string.Format(CultureInfo.InvariantCulture, cast, travel.Expression)}", used, cancellationToken))[0][0];
        return (travel.ByTime, value) switch
        {
            (true, DateTime instant) => (null, AsOf(table, new DateTimeOffset(instant, TimeSpan.Zero)).SnapshotId),
            (false, string name) => Named(table, name),
            (false, sbyte or short or int or long or byte or ushort or uint) =>
                (null, Snapshot(table, Convert.ToInt64(value, CultureInfo.InvariantCulture)).SnapshotId),
            _ => throw new SqlEngineException(
                $"'{travel.Expression}' is no version of {table.Identifier}; expected {(travel.ByTime ? "an instant" : "a snapshot id, or a branch or tag in quotes")}."),
        };
    }

    private static (string? Ref, long SnapshotId) Named(Table table, string name)
    {
        if (table.Metadata.Refs.TryGetValue(name, out var reference))
        {
            return (name, reference.SnapshotId);
        }

        return long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
            ? (null, Snapshot(table, id).SnapshotId)
            : throw new SqlEngineException(
                $"Table {table.Identifier} has no branch or tag '{name}'; it has {(table.Metadata.Refs.Count == 0 ? "none" : string.Join(", ", table.Metadata.Refs.Keys))}.");
    }

    private static Snapshot Snapshot(Table table, long id) => table.Metadata.FindSnapshot(id) ?? throw new SqlEngineException(
        FormattableString.Invariant($"Table {table.Identifier} has no snapshot {id}; it was never made or has expired.\nSee iceberg.{table.Identifier.Namespace}.\"{table.Identifier.Name}$snapshots\"."));

    private static Snapshot AsOf(Table table, DateTimeOffset instant) => table.Metadata.SnapshotAsOf(instant) ?? throw new SqlEngineException(
        $"Table {table.Identifier} had no snapshot at {instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}, or it has expired.\nSee iceberg.{table.Identifier.Namespace}.\"{table.Identifier.Name}$history\".");
}
