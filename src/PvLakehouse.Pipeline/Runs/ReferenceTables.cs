using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Pipeline.Reference;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>Stages the small tables that models look things up in: <c>regions</c> and <c>aqi_breakpoints</c>.</summary>
internal static class ReferenceTables
{
    public static async Task StageAsync(ISqlSession session, CancellationToken cancellationToken)
    {
        await session.StageAsync(
            "regions",
            [
                new("region", IcebergType.String), new("state", IcebergType.String), new("timezone_name", IcebergType.String),
                new("south", IcebergType.Double), new("north", IcebergType.Double), new("west", IcebergType.Double), new("east", IcebergType.Double),
            ],
            MarketRegion.All.Select(Region).ToAsyncEnumerable(),
            cancellationToken);
        await session.StageAsync(
            "aqi_breakpoints",
            [
                new("category", IcebergType.String), new("aqi_low", IcebergType.Int), new("aqi_high", IcebergType.Int),
                new("pm2_5_low", IcebergType.Double), new("pm2_5_high", IcebergType.Double), new("pm2_5_next", IcebergType.Double),
            ],
            Breakpoints().ToAsyncEnumerable(),
            cancellationToken);
    }

    private static object?[] Region(MarketRegion region) =>
        [region.Region, region.State, region.TimeZone, region.Box.South, region.Box.North, region.Box.West, region.Box.East];

    private static IEnumerable<object?[]> Breakpoints() => AqiBreakpoint.All.Select((category, index) => (object?[])
    [
        category.Category, category.AqiLow, category.AqiHigh, (double)category.Pm25Low, (double)category.Pm25High,
        // The last category has no upper end: the index stays at 500.
        index + 1 < AqiBreakpoint.All.Count ? (double)AqiBreakpoint.All[index + 1].Pm25Low : double.MaxValue,
    ]);
}
