using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Simulation.Noise;
using PvLakehouse.Solar.Plane;
using PvLakehouse.Solar.Power;

namespace PvLakehouse.Sandbox.Simulation.Farms;

/// <summary>What a farm is made of in the simulation: published capacities, and a design that follows from the farm's code.</summary>
internal static class FarmDesign
{
    /// <summary>Module power over AC limit where only one of them is published, usual for Australian farms.</summary>
    internal const double UsualDcAcRatio = 1.2;

    // A registered capacity hardly above the AC ceiling is that ceiling once more, not the modules.
    private const double LowestPlausibleRatio = 1.05;

    /// <summary>The design of one unit, or null when nothing is known about its size.</summary>
    internal static PvSystem? Of(SandboxFacility farm, SandboxUnit unit)
    {
        if (unit.CapacityMw is not { } ac || ac <= 0)
        {
            return null;
        }

        // The design belongs to the farm, whatever the seed of the world.
        var key = Hash.Of(0, farm.Code);
        double Pick(string what, double low, double high) => low + ((high - low) * Hash.Unit(Hash.Of(key, what)));
        var dc = unit.CapacityRegisteredMw is { } registered && registered >= LowestPlausibleRatio * ac
            ? registered
            : UsualDcAcRatio * ac;
        return new()
        {
            CapacityDcMw = dc,
            CapacityAcMw = ac,
            Mounting = Pick("mounting", 0, 1) < 0.85
                ? new SingleAxisTracker(
                    Math.Round(Pick("limit", 52, 60)), Pick("backtracking", 0, 1) < 0.8 ? Math.Round(Pick("ratio", 0.33, 0.45), 2) : null)
                : new FixedTilt(Math.Round(Pick("tilt", 18, 26)), 0),
            TemperatureCoefficient = Math.Round(Pick("gamma", -0.0042, -0.0032), 4),
            Loss = Math.Round(Pick("loss", 0.10, 0.16), 3),
            InverterEfficiency = 0.975,
        };
    }
}
