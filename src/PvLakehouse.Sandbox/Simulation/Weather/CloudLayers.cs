namespace PvLakehouse.Sandbox.Simulation.Weather;

/// <summary>Share of the sky covered by each cloud layer, 0 to 1.</summary>
internal readonly record struct CloudLayers(double Low, double Mid, double High)
{
    /// <summary>Share of the sky covered by any layer, the layers overlapping at random.</summary>
    internal double Total => 1 - ((1 - Low) * (1 - Mid) * (1 - High));

    /// <summary>The layers between two times.</summary>
    internal static CloudLayers Between(CloudLayers start, CloudLayers end, double share) => new(
        start.Low + ((end.Low - start.Low) * share),
        start.Mid + ((end.Mid - start.Mid) * share),
        start.High + ((end.High - start.High) * share));
}
