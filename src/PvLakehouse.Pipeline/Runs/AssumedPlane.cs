using PvLakehouse.Solar.Plane;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>The module plane that stands for every farm: OpenElectricity does not tell how modules are mounted.</summary>
/// <remarks>
/// Horizontal rows that turn about a north-south axis, as most utility-scale farms in Australia have. Limit and row distance are the
/// usual ones of PVWatts (A. P. Dobos, NREL/TP-6A20-62641, 2014: ground cover ratio 0.4) with today's rotation of 60°. Figures of a
/// farm with fixed modules compare with this plane too, and say so: rules therefore look at a farm's ratio to its own usual one.
/// </remarks>
internal static class AssumedPlane
{
    /// <summary>The text of <c>plane_assumed</c> columns.</summary>
    public const string Name = "horizontal single-axis tracker, north-south, limit 60 deg, backtracking at ground cover 0.4";

    /// <summary>The mounting.</summary>
    public static Mounting Mounting { get; } = new SingleAxisTracker(limit: 60, groundCoverRatio: 0.4);
}
