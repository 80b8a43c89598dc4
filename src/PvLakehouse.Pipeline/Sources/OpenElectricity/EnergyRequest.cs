namespace PvLakehouse.Pipeline.Sources.OpenElectricity;

/// <summary>A request for the energy of up to 30 farms over a window that the server accepts.</summary>
public sealed record EnergyRequest : PlannedRequest
{
    /// <inheritdoc/>
    public override string Source => SourceNames.Energy;

    /// <summary>Half-open window on the network's clock.</summary>
    public required NetworkWindow Window { get; init; }

    /// <summary>Length of the intervals.</summary>
    public required EnergyInterval Interval { get; init; }

    /// <inheritdoc/>
    public override double Cost => 1;

    /// <inheritdoc/>
    public override string Describe() => $"{Window}, {EnergyIntervalCode.Of(Interval)}, {DescribeFacilities()}";
}
