namespace PvLakehouse.Sandbox.Simulation.Air;

/// <summary>The United States' air quality index from concentrations, as Open-Meteo serves it.</summary>
/// <remarks>
/// Source: US EPA, 40 CFR 58 appendix G with the PM2.5 breakpoints of May 2024; means are truncated as the appendix asks. Gases are
/// converted from μg/m3 at 25 °C and 1013 hPa by their molar mass (24.45 l/mol). Above the last breakpoint the index stays at 500.
/// </remarks>
internal static class UsAqi
{
    private static readonly int[] IndexLow = [0, 51, 101, 151, 201, 301];
    private static readonly int[] IndexHigh = [50, 100, 150, 200, 300, 500];

    /// <summary>Fine particles, mean of 24 h [μg/m3].</summary>
    internal static int Pm25(double mean) => Of(mean, 0.1, [9.0, 35.4, 55.4, 125.4, 225.4, 325.4]);

    /// <summary>Particles up to 10 μm, mean of 24 h [μg/m3].</summary>
    internal static int Pm10(double mean) => Of(mean, 1, [54, 154, 254, 354, 424, 604]);

    /// <summary>Ozone, mean of 8 h [μg/m3]; above 200 ppb the last segment is the one of the 1-hour table.</summary>
    internal static int Ozone(double mean) => Of(mean * 24.45 / 48.00, 1, [54, 70, 85, 105, 200, 604]);

    /// <summary>Carbon monoxide, mean of 8 h [μg/m3].</summary>
    internal static int CarbonMonoxide(double mean) => Of(mean * 24.45 / 28.01 / 1000, 0.1, [4.4, 9.4, 12.4, 15.4, 30.4, 50.4]);

    /// <summary>Sulphur dioxide, mean of 1 h [μg/m3].</summary>
    internal static int SulphurDioxide(double mean) => Of(mean * 24.45 / 64.07, 1, [35, 75, 185, 304, 604, 1004]);

    /// <summary>Nitrogen dioxide, mean of 1 h [μg/m3].</summary>
    internal static int NitrogenDioxide(double mean) => Of(mean * 24.45 / 46.01, 1, [53, 100, 360, 649, 1249, 2049]);

    private static int Of(double mean, double step, ReadOnlySpan<double> highs)
    {
        var value = Math.Floor((mean / step) + 1e-9) * step;
        var low = 0.0;
        for (var i = 0; i < highs.Length; i++)
        {
            if (value <= highs[i] + (step / 2))
            {
                var share = (value - low) / (highs[i] - low);
                return (int)Math.Round(IndexLow[i] + (share * (IndexHigh[i] - IndexLow[i])), MidpointRounding.AwayFromZero);
            }

            low = highs[i] + step;
        }

        return IndexHigh[^1];
    }
}
