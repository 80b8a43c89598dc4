namespace PvLakehouse.Pipeline.Sources.OpenElectricity;

/// <summary>A request for entries of the register.</summary>
public sealed record FacilitiesRequest : PlannedRequest
{
    /// <inheritdoc/>
    public override string Source => SourceNames.Facilities;

    /// <summary>Codes asked for; empty asks for all solar farms.</summary>
    public required IReadOnlyList<string> Codes { get; init; }

    /// <inheritdoc/>
    public override double Cost => 1;

    /// <inheritdoc/>
    public override string Describe() => Codes.Count == 0 ? "all solar farms" : string.Join(", ", Codes);
}
