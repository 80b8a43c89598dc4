namespace PvLakehouse.Sandbox.OpenElectricity;

/// <summary>A metric that clients may name.</summary>
/// <param name="Name">As clients send it.</param>
/// <param name="Unit">As the server returns it; null when the metric exists but not for facilities.</param>
internal sealed record SeriesMetric(string Name, string? Unit)
{
    /// <summary>Energy [MWh].</summary>
    public static readonly SeriesMetric Energy = new("energy", "MWh");

    /// <summary>Mean power [MW].</summary>
    public static readonly SeriesMetric Power = new("power", "MW");

    /// <summary>Every metric of the API, in its order.</summary>
    public static readonly SeriesMetric[] All =
    [
        Power, Energy, new("price", null), new("market_value", "$"), new("demand", null), new("demand_energy", null),
        new("emissions", "t"), new("renewable_proportion", null), new("storage_battery", "MWh"),
        new("curtailment_solar", null), new("curtailment_wind", null), new("curtailment", null),
    ];
}
