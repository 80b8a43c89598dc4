using PvLakehouse.Engine;
using PvLakehouse.Pipeline.Reference;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>The macros that the SQL of models and expectations may call.</summary>
internal static class ModelMacros
{
    /// <summary>The statements that make them.</summary>
    public static string Text { get; } = $"{SqlText.Read("macros.duckdb.sql")}\n{LocalTime()};\n";

    /// <summary>Makes them in a session.</summary>
    public static Task StageAsync(ISqlSession session, CancellationToken cancellationToken) => session.ExecuteAsync(Text, cancellationToken);

    // A zone that is written out is looked up once, one from a column in every row, which takes twelve times as long.
    private static string LocalTime()
    {
        var zones = MarketRegion.All.Select(region => region.TimeZone)
            .Select(zone => $"WHEN '{zone}' THEN instant AT TIME ZONE '{zone}'");
        return $"CREATE OR REPLACE TEMP MACRO local_time(instant, zone) AS CASE zone {string.Join(' ', zones)} ELSE instant AT TIME ZONE zone END";
    }
}
