namespace PvLakehouse.Pipeline.Bronze;

/// <summary>The farms that are loaded when nobody says which.</summary>
public static class DefaultFacilities
{
    /// <summary>Eight farms of the National Electricity Market, 20 to 275 MW, in three states.</summary>
    public static IReadOnlyList<string> Codes { get; } =
        ["AVLSF", "BOMENSF", "DARLSF", "EMERASF", "FINLEYSF", "LIMOSF2", "WRSF1", "YATSF1"];
}
