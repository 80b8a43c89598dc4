using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Pipeline.Reference;
using PvLakehouse.Pipeline.Silver;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>The macros that the SQL of models and expectations may call.</summary>
internal static class ModelMacros
{
    /// <summary>The statements that make them.</summary>
    public static string Text { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {SqlText.Read("macros.duckdb.sql")}
        CREATE OR REPLACE TEMP MACRO local_time(instant, zone) AS {LocalTime()};
        CREATE OR REPLACE TEMP MACRO plane_assumed() AS '{AssumedPlane.Name}';
        CREATE OR REPLACE TEMP MACRO forecast_availability() AS INTERVAL '{CleanWeatherForecast.AvailabilityHours}' HOUR;
        """);

    /// <summary>Makes them in a session.</summary>
    public static Task StageAsync(ISqlSession session, CancellationToken cancellationToken) => session.ExecuteAsync(Text, cancellationToken);

    // A zone that is written out is looked up once, one from a column in every row, which takes twelve times as long.
    private static string LocalTime()
    {
        var zones = MarketRegion.All.Select(region => region.TimeZone)
            .Select(zone => $"WHEN '{zone}' THEN instant AT TIME ZONE '{zone}'");
        return $"CASE zone {string.Join(' ', zones)} ELSE instant AT TIME ZONE zone END";
    }
}
