namespace PvLakehouse.Pipeline.Reference;

/// <summary>One category of the Air Quality Index with its PM2.5 range.</summary>
/// <param name="Key">Surrogate key in <c>gold.dim_aqi_category</c>, 1 to 6.</param>
/// <param name="Category">The category's name.</param>
/// <param name="AqiLow">Lowest index of the category.</param>
/// <param name="AqiHigh">Highest index of the category.</param>
/// <param name="Pm25Low">Lowest PM2.5 concentration [µg/m³], at the 0.1 resolution the rule works in.</param>
/// <param name="Pm25High">Highest PM2.5 concentration [µg/m³]; beyond the last one the index stays at 500.</param>
/// <param name="Color">The colour the US EPA assigns.</param>
/// <param name="Advisory">What the category means for people, in one sentence.</param>
/// <remarks>Source: US EPA, Final Updates to the Air Quality Index for Particulate Matter, 40 CFR 58 appendix G, May 2024.</remarks>
internal sealed record AqiBreakpoint(
    long Key, string Category, int AqiLow, int AqiHigh, decimal Pm25Low, decimal Pm25High, string Color, string Advisory)
{
    public static IReadOnlyList<AqiBreakpoint> All { get; } =
    [
        new(1, "Good", 0, 50, 0.0m, 9.0m, "#00E400", "Air quality poses little or no risk."),
        new(2, "Moderate", 51, 100, 9.1m, 35.4m, "#FFFF00", "Unusually sensitive people may notice effects."),
        new(3, "Unhealthy for Sensitive Groups", 101, 150, 35.5m, 55.4m, "#FF7E00", "Sensitive groups may notice effects."),
        new(4, "Unhealthy", 151, 200, 55.5m, 125.4m, "#FF0000", "Everyone may begin to notice effects."),
        new(5, "Very Unhealthy", 201, 300, 125.5m, 225.4m, "#8F3F97", "Health alert: everyone may have more serious effects."),
        new(6, "Hazardous", 301, 500, 225.5m, 325.4m, "#7E0023", "Health warning of emergency conditions."),
    ];
}
