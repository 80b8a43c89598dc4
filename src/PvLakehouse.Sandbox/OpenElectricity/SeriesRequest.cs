using PvLakehouse.Sandbox.Registry;

namespace PvLakehouse.Sandbox.OpenElectricity;

/// <summary>A valid request for series of units.</summary>
/// <param name="Network">Whose clock the times are on.</param>
/// <param name="Interval">The length of a bucket.</param>
/// <param name="Start">First stamp, naive network time.</param>
/// <param name="End">First stamp after the range, naive network time.</param>
internal sealed record SeriesRequest(Network Network, SeriesInterval Interval, DateTime Start, DateTime End)
{
    /// <summary>The metrics, in the order asked for.</summary>
    public required IReadOnlyList<SeriesMetric> Metrics { get; init; }

    /// <summary>The units that the filters leave, with their farms.</summary>
    public required IReadOnlyList<(SandboxFacility Facility, SandboxUnit Unit)> Units { get; init; }

    /// <summary>Units were named without their farms: the server then merges them into one series.</summary>
    public required bool IsMerged { get; init; }

    /// <summary>The farms as asked for, for messages.</summary>
    public required IReadOnlyList<string> FacilityCodes { get; init; }
}
