namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>What a call counts against Open-Meteo's budget.</summary>
internal static class CallWeight
{
    /// <summary>The weight of one location: max(1, v/10, v/10 x days/14), v being variables times models.</summary>
    /// <remarks>Source: Open-Meteo's pricing page, 2026: more than 10 variables or 2 weeks count as more than one call.</remarks>
    public static double Of(int variables, int models, int days)
    {
        var tens = variables * models / 10.0;
        return Math.Max(1, Math.Max(tens, tens * days / 14));
    }
}
