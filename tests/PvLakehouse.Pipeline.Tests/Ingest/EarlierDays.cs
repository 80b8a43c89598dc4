using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Tests.Ingest;

/// <summary>The load of days that were over long before it, for tests of how loads divide into requests.</summary>
internal static class EarlierDays
{
    /// <summary>When it is asked for.</summary>
    public static DateTimeOffset Requested { get; } = new(2026, 3, 20, 2, 0, 0, TimeSpan.Zero);

    /// <summary>Ten days of two farms of the NEM.</summary>
    public static IngestRequest TenDays { get; } = new()
    {
        Mode = IngestMode.Backfill,
        Facilities = ["AVLSF", "EMERASF"],
        Window = new DayRange(new(2026, 3, 1), new(2026, 3, 10)),
    };
}
