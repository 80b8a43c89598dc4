namespace PvLakehouse.Solar.Limits;

/// <summary>Limits on measured irradiance from the BSRN quality tests.</summary>
/// <remarks>
/// Upper limit = multiplier x extraterrestrial normal x cosZenith^exponent + offset [W/m2].
/// Source: C. N. Long and Y. Shi, "An automated quality assessment and control algorithm for surface radiation measurements",
/// The Open Atmospheric Science Journal 2, 2008; values as in pvanalytics <c>check_irradiance_limits_qcrad</c>.
/// </remarks>
public static class QcRad
{
    /// <summary>Global horizontal irradiance [W/m2].</summary>
    /// <param name="severity">Which of the two limits.</param>
    /// <param name="cosZenith">Cosine of the zenith angle; below the horizon counts as 0.</param>
    /// <param name="extraterrestrialNormal">Extraterrestrial normal irradiance [W/m2].</param>
    public static PlausibleRange Global(QcRadLimit severity, double cosZenith, double extraterrestrialNormal) =>
        Of(severity, cosZenith, extraterrestrialNormal, new(1.5, 1.2, 100), new(1.2, 1.2, 50));

    /// <summary>Diffuse horizontal irradiance [W/m2].</summary>
    /// <param name="severity">Which of the two limits.</param>
    /// <param name="cosZenith">Cosine of the zenith angle; below the horizon counts as 0.</param>
    /// <param name="extraterrestrialNormal">Extraterrestrial normal irradiance [W/m2].</param>
    public static PlausibleRange Diffuse(QcRadLimit severity, double cosZenith, double extraterrestrialNormal) =>
        Of(severity, cosZenith, extraterrestrialNormal, new(0.95, 1.2, 50), new(0.75, 1.2, 30));

    /// <summary>Direct normal irradiance [W/m2].</summary>
    /// <param name="severity">Which of the two limits.</param>
    /// <param name="cosZenith">Cosine of the zenith angle; below the horizon counts as 0.</param>
    /// <param name="extraterrestrialNormal">Extraterrestrial normal irradiance [W/m2].</param>
    public static PlausibleRange DirectNormal(QcRadLimit severity, double cosZenith, double extraterrestrialNormal) =>
        Of(severity, cosZenith, extraterrestrialNormal, new(1, 0, 0), new(0.95, 0.2, 10));

    /// <summary>Plausible ratio of global irradiance to diffuse plus direct horizontal; null where the test says nothing.</summary>
    /// <param name="zenith">Zenith angle [°].</param>
    /// <param name="globalSum">Diffuse plus direct horizontal irradiance [W/m2]; the test needs more than 50.</param>
    public static PlausibleRange? Closure(double zenith, double globalSum) => (zenith, globalSum) switch
    {
        (_, not > 50) => null,
        (< 75, _) => new(0.92, 1.08),
        (< 93, _) => new(0.85, 1.15),
        _ => null,
    };

    private static PlausibleRange Of(
        QcRadLimit severity, double cosZenith, double normal, Coefficients physical, Coefficients rare) => severity switch
    {
        QcRadLimit.PhysicallyPossible => new(-4, physical.Upper(cosZenith, normal)),
        QcRadLimit.ExtremelyRare => new(-2, rare.Upper(cosZenith, normal)),
        _ => throw new ArgumentOutOfRangeException(
            nameof(severity), severity, "Expected PhysicallyPossible or ExtremelyRare."),
    };

    private readonly record struct Coefficients(double Multiplier, double Exponent, double Offset)
    {
        public double Upper(double cosZenith, double normal) =>
            (Multiplier * normal * Math.Pow(Math.Max(cosZenith, 0), Exponent)) + Offset;
    }
}

/// <summary>How sure a violated limit is about the fault.</summary>
public enum QcRadLimit
{
    /// <summary>Beyond it a value cannot be.</summary>
    PhysicallyPossible,

    /// <summary>Beyond it a value is hardly ever seen.</summary>
    ExtremelyRare,
}
