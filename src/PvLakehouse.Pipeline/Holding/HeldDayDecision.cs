using PvLakehouse.Engine;
using PvLakehouse.Pipeline.Ops;
using PvLakehouse.Pipeline.Publishing;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Holding;

/// <summary>What a person decides about a held farm-day.</summary>
public sealed class HeldDayDecision(Lake lake)
{
    /// <summary>Lets a held version into gold as it is, and publishes that at once.</summary>
    /// <exception cref="PipelineException">The day is not held.</exception>
    public Task ReleaseAsync(HeldDay day, string decidedBy, string? comment, StageObserver observe, CancellationToken cancellationToken) =>
        DecideAsync(day, HeldDays.Released, decidedBy, comment, observe, cancellationToken);

    /// <summary>Keeps a held version out of gold for good; another version of the day is judged anew.</summary>
    /// <exception cref="PipelineException">The day is not held.</exception>
    public Task RejectAsync(HeldDay day, string decidedBy, string? comment, StageObserver observe, CancellationToken cancellationToken) =>
        DecideAsync(day, HeldDays.Rejected, decidedBy, comment, observe, cancellationToken);

    private async Task DecideAsync(
        HeldDay day, string status, string decidedBy, string? comment, StageObserver observe, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(day);
        if (day.Status is HeldDays.Superseded or HeldDays.Cleared)
        {
            throw new PipelineException(
                $"{day.FacilityCode} {day.NetworkDate:yyyy-MM-dd} is no longer held: the version is {day.Status}, so there is nothing to decide.");
        }

        await new AuditedRun(lake).RunAsync(
            async models =>
            {
                await observe("held_days", () => WriteAsync(models.Lake, day, status, decidedBy, comment, cancellationToken));
                await models.RunGoldAsync(ModelMode.Incremental, LoadStrategy.Merge, observe, cancellationToken);
            },
            observe,
            cancellationToken);
    }

    private static async Task<StageResult> WriteAsync(
        Lake lake, HeldDay day, string status, string decidedBy, string? comment, CancellationToken cancellationToken)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var target = await lake.Tables.EnsureAsync(HeldDays.Contract, cancellationToken);
        var now = Instants.ToMicroseconds(lake.Clock.GetUtcNow());
        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        await lake.BindAsync(session, HeldDays.Contract, cancellationToken);
        await session.StageAsync(
            "decision",
            [.. HeldDays.Contract.Columns.Where(column => column.Name is "status" or "decided_by" or "comment" or "facility_code" or "network_date" or "known_at")
                .Select(column => new StagedColumn(column.Name, Iceberg.Spec.IcebergType.Parse(column.Type)))],
            new[] { (object?[])[day.FacilityCode, day.NetworkDate, day.KnownAt, status, decidedBy, comment] }.ToAsyncEnumerable(),
            cancellationToken);
        var outcome = await session.MergeAsync(
            HeldDays.Contract.Identifier,
            $"""
            SELECT h.* REPLACE (d.status AS status, {Instants.Literal(now)} AS decided_at, d.decided_by AS decided_by, d.comment AS comment, {Instants.Literal(now)} AS updated_at)
            FROM held_days h
            JOIN decision d ON d.facility_code = h.facility_code AND d.network_date = h.network_date AND d.known_at = h.known_at
            """,
            ModelRunner.Merge(target, HeldDays.Contract, new WriteOptions
            {
                Branch = lake.Branch,
                SnapshotProperties = new Dictionary<string, string>(StringComparer.Ordinal) { [Watermark.Stamp] = now.ToString("O", System.Globalization.CultureInfo.InvariantCulture) },
            }),
            cancellationToken);
        return ModelRunner.Result(HeldDays.Contract, outcome, started);
    }
}
