using System.Globalization;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>One load of one dataset: the values of the audit columns.</summary>
internal sealed record Ingest(IngestBatch Batch, IngestMode Mode, DateTimeOffset At)
{
    /// <summary>A load that starts now.</summary>
    /// <remarks>
    /// The id sorts by time and ends in a random part, so that two loads of one second differ. The newest row of a key counts, so a load's
    /// rows are stamped behind all that the table has, even when the clock was set back.
    /// </remarks>
    public static Ingest Start(
        string dataset, IngestMode mode, TimeProvider clock, DateTimeOffset? newest, IProgress<SourceProgress>? progress)
    {
        var now = Instants.ToMicroseconds(clock.GetUtcNow());
        now = newest is { } last && last >= now ? last.AddMicroseconds(1) : now;
        var id = string.Create(CultureInfo.InvariantCulture, $"{now:yyyyMMdd'T'HHmmss'Z'}-{Guid.CreateVersion7(now).ToString("N")[^8..]}");
        return new(new IngestBatch(dataset, id) { Progress = progress, Drift = new(), Stored = new() }, mode, now);
    }

    /// <summary>How the load was asked for, as bronze says it.</summary>
    public string ModeText => Mode == IngestMode.Backfill ? "backfill" : "incremental";

    /// <summary>The audit columns in contract order.</summary>
    public object?[] Columns => ColumnsOf(Batch.Id, ModeText, At);

    /// <summary>The audit columns of a load, in contract order.</summary>
    public static object?[] ColumnsOf(string batchId, string mode, DateTimeOffset at) =>
        [batchId, mode, at, DateOnly.FromDateTime(at.UtcDateTime)];
}
