namespace PvLakehouse.Pipeline.Holding;

/// <summary>A version of a farm-day that broke a veto rule, as ops.held_days has it.</summary>
/// <param name="FacilityCode">The farm.</param>
/// <param name="NetworkDate">The day of market time.</param>
/// <param name="KnownAt">The version: its newest ingest.</param>
/// <param name="Status">open, released, rejected, superseded or cleared.</param>
/// <param name="Reasons">Names of the veto rules, joined by |.</param>
public sealed record HeldDay(string FacilityCode, DateOnly NetworkDate, DateTimeOffset KnownAt, string Status, string Reasons)
{
    /// <summary>Hours of the version with a value.</summary>
    public required long Hours { get; init; }

    /// <summary>Energy of the version [MWh].</summary>
    public double? EnergyMwh { get; init; }

    /// <summary>The version that gold keeps; null for none.</summary>
    public DateTimeOffset? KeptKnownAt { get; init; }

    /// <summary>Energy of that version [MWh].</summary>
    public double? KeptEnergyMwh { get; init; }

    /// <summary>Who decided, null while nobody has.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>Why.</summary>
    public string? Comment { get; init; }
}
