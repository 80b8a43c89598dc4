using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>
/// How often and after which waits a commit is tried again: exponential, with jitter so that writers part ways.
/// </summary>
/// <param name="Retries">Attempts after the first.</param>
/// <param name="MinWait">Longest wait before the first retry.</param>
/// <param name="MaxWait">Longest wait before any retry.</param>
/// <param name="Total">Time after which there are no more attempts.</param>
internal sealed record RetryPolicy(int Retries, TimeSpan MinWait, TimeSpan MaxWait, TimeSpan Total)
{
    public static RetryPolicy From(IReadOnlyDictionary<string, string> properties) => new(
        (int)Math.Min(TableProperties.Number(properties, TableProperties.CommitRetries, 4), 1000),
        Millis(properties, TableProperties.CommitMinWaitMs, 100),
        Millis(properties, TableProperties.CommitMaxWaitMs, 60_000),
        Millis(properties, TableProperties.CommitTotalMs, 1_800_000));

    /// <summary>
    /// The wait before a retry: between half of and the whole of the minimum doubled with each attempt.
    /// </summary>
    /// <param name="retry">Number of the retry, from 0.</param>
    /// <param name="random">From 0 up to 1.</param>
    public TimeSpan Wait(int retry, double random)
    {
        var longest = Math.Min(MinWait.TotalMilliseconds * Math.Pow(2, retry), MaxWait.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(longest * (0.5 + (random / 2)));
    }

    private static TimeSpan Millis(IReadOnlyDictionary<string, string> properties, string key, long otherwise) =>
        TimeSpan.FromMilliseconds(Math.Min(TableProperties.Number(properties, key, otherwise), int.MaxValue));
}
