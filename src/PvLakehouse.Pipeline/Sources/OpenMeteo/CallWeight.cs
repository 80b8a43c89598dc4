namespace PvLakehouse.Pipeline.Sources.OpenMeteo;

/// <summary>What a request counts against Open-Meteo's limits.</summary>
public static class CallWeight
{
    private const double VariablesPerCall = 10;
    private const double DaysPerCall = 14;

    /// <summary>The weight of one location: 1 up to 10 variables and 14 days, then in proportion to both.</summary>
    /// <param name="variables">Number of hourly variables.</param>
    /// <param name="days">Number of days.</param>
    /// <remarks>max(1, v/10, v/10 × d/14). Source: Open-Meteo, pricing page and server behaviour, 2026. Example: 21
    /// variables
    /// over 31 days weigh 4.65.</remarks>
    public static double Of(int variables, int days)
    {
        var calls = variables / VariablesPerCall;
        return Math.Max(1, Math.Max(calls, calls * days / DaysPerCall));
    }
}
