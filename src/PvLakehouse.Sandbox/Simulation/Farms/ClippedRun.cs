using System.Runtime.InteropServices;

namespace PvLakehouse.Sandbox.Simulation.Farms;

/// <summary>Consecutive intervals of a day in which a unit stands at its AC limit.</summary>
/// <param name="Start">First interval, counted from the start of the day.</param>
/// <param name="End">First interval after it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ClippedRun(int Start, int End)
{
    // Shorter ones are the edge of a cloud.
    private const int Shortest = Slots.PerHour / 2;
    private const double AtLimit = 1 - 1e-9;

    /// <summary>The runs of half an hour and longer.</summary>
    /// <param name="day">Energies of the day's intervals [MWh].</param>
    /// <param name="capacityMwh">Energy of one interval at AC capacity [MWh].</param>
    internal static List<ClippedRun> In(ReadOnlySpan<double> day, double capacityMwh)
    {
        var runs = new List<ClippedRun>();
        var start = 0;
        for (var i = 0; i <= day.Length; i++)
        {
            if (i < day.Length && day[i] >= AtLimit * capacityMwh)
            {
                continue;
            }

            if (i - start >= Shortest)
            {
                runs.Add(new(start, i));
            }

            start = i + 1;
        }

        return runs;
    }
}
