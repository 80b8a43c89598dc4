using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Pipeline.Alerting;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Drift;

namespace PvLakehouse.Pipeline.Ops;

/// <summary>Keeps in ops.schema_drift what loads saw, and tells a person what is new and costs values.</summary>
internal sealed class SchemaDriftLedger(Lake lake)
{
    /// <summary>Records what a load saw; what is known already is not written again.</summary>
    /// <returns>One sentence for each departure that is new, or that costs values.</returns>
    public async Task<IReadOnlyList<string>> RecordAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Drift?.All is not { Count: > 0 } seen)
        {
            return [];
        }

        var table = await lake.Tables.EnsureAsync(SchemaDriftTable.Contract, cancellationToken);
        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        var known = await session.QueryAsync(
            $"SELECT concat(source, '/', endpoint), path, kind, expected, found FROM {SchemaDriftTable.Contract.SqlName}",
            parameters: null, cancellationToken);
        var told = (await known.ToListAsync(cancellationToken)).Select(row => string.Join('\n', row)).ToHashSet(StringComparer.Ordinal);
        var news = seen.Where(drift => !told.Contains(
            string.Join('\n', drift.Source, drift.Path, Word(drift.Kind), drift.Expected, drift.Found)))
            .ToArray();
        if (news.Length > 0)
        {
            await MergeAsync(session, table, batch, news, cancellationToken);
            if (news.Where(drift => drift.Kind != DriftKind.Unknown).Select(Sentence).ToArray() is { Length: > 0 } costly)
            {
                await lake.Alerts.RaiseAsync(
                    new Alert(lake.Clock.GetUtcNow(), "schema drift", string.Join(" ", costly)), cancellationToken);
            }
        }

        return [.. seen.Where(drift => drift.Kind != DriftKind.Unknown || news.Contains(drift)).Select(Sentence)];
    }

    private static string Sentence(SchemaDrift drift) => drift.Kind switch
    {
        DriftKind.Unknown => $"{drift.Source} has a field that is not known, {drift.Path} ({drift.Found}); the archived bodies keep it.",
        DriftKind.Missing => $"{drift.Source} has no {drift.Path} any more, expected {drift.Expected}; its values are null.",
        _ => $"{drift.Source} has changed at {drift.Path}: expected {drift.Expected}, found {drift.Found}; such values are null.",
    };

    private static string Word(DriftKind kind) => kind switch
    {
        DriftKind.Unknown => "unknown",
        DriftKind.Missing => "missing",
        DriftKind.Retyped => "retyped",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Expected unknown, missing or retyped."),
    };

    private async Task MergeAsync(
        ISqlSession session, Iceberg.Catalog.Table table, IngestBatch batch, SchemaDrift[] news, CancellationToken cancellationToken)
    {
        var now = Instants.ToMicroseconds(lake.Clock.GetUtcNow());
        await session.StageAsync(
            "drift",
            [.. SchemaDriftTable.Contract.Columns.Select(column => new StagedColumn(column.Name, IcebergType.Parse(column.Type)))],
            news.Select(drift => (object?[])
            [
                drift.Source.Split('/')[0], drift.Source[(drift.Source.IndexOf('/', StringComparison.Ordinal) + 1)..], drift.Path,
                Word(drift.Kind), drift.Expected, drift.Found, drift.Sample, batch.Id, now, now,
            ]).ToAsyncEnumerable(),
            cancellationToken);
        await session.MergeAsync(
            SchemaDriftTable.Contract.Identifier,
            "SELECT * FROM drift",
            new MergeOptions
            {
                KeyColumns = SchemaDriftTable.Contract.Key,
                InsertStampColumns = ["first_seen", .. TableEvolution.Left(table.Schema, SchemaDriftTable.Contract)],
                UpdateStampColumns = ["last_seen"],
            },
            cancellationToken);
    }
}
