namespace PvLakehouse.Forecasting.Learners;

/// <summary>Amounts as shares of all of them.</summary>
internal static class Shares
{
    /// <summary>The amounts over their sum, or zeros when that is 0.</summary>
    public static double[] Of(double[] amounts)
    {
        var all = amounts.Sum();
        return [.. amounts.Select(amount => all > 0 ? amount / all : 0)];
    }
}
