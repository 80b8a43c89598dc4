using PvLakehouse.Sandbox.Simulation.Noise;

namespace PvLakehouse.Sandbox.Simulation.Faults;

/// <summary>Random numbers of one key, always the same ones in the same order.</summary>
internal struct Draws(ulong key)
{
    private int _count;

    /// <summary>A number in [0, 1).</summary>
    internal double Next() => Hash.Unit(Hash.Of(key, _count++));

    /// <summary>A number in [low, high).</summary>
    internal double Between(double low, double high) => low + ((high - low) * Next());

    /// <summary>A number of intervals in [low, high).</summary>
    internal int Slot(int low, int high) => (int)Between(low, high);
}
