using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Simulation;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Sandbox.Tests.Simulation;

/// <summary>The default world, with and without faults, and short ways to ask it.</summary>
internal static class World
{
    internal static readonly FacilityRegistry Registry = FacilityRegistry.Load();
    internal static readonly SimulatedSandbox Faulty = new(new(), Registry.Facilities);
    internal static readonly SimulatedSandbox Clean = new(new() { Faults = false }, Registry.Facilities);

    /// <summary>A clock long after everything.</summary>
    internal static readonly DateTimeOffset Later = Utc(2027, 1, 1);

    internal static readonly string[] DefaultFarms =
        ["AVLSF", "BOMENSF", "DARLSF", "EMERASF", "FINLEYSF", "LIMOSF2", "WRSF1", "YATSF1"];

    internal static SandboxFacility Farm(string code) => Registry.Find(code)!;

    internal static DateTimeOffset Utc(int year, int month, int day, int hour = 0, int minute = 0) =>
        new(year, month, day, hour, minute, 0, TimeSpan.Zero);

    /// <summary>Midnight of a day on the clock of the eastern market.</summary>
    internal static DateTimeOffset Nem(int year, int month, int day) => NetworkClock.Nem.StartOf(new(year, month, day)).ToUniversalTime();

    internal static double?[] Energy(
        this SimulatedSandbox world,
        string farm,
        DateTimeOffset from,
        int count,
        EnergyInterval interval = EnergyInterval.FiveMinutes,
        DateTimeOffset? asOf = null,
        int unit = 0)
    {
        var values = new double?[count];
        world.Energy(Farm(farm).Units[unit], interval, from, asOf ?? Later, values);
        return values;
    }

    internal static double?[] Hourly(
        this SimulatedSandbox world,
        string variable,
        string farm,
        DateTimeOffset from,
        int count,
        HourlyDataset dataset = HourlyDataset.Archive,
        DateTimeOffset? asOf = null,
        int leadDays = 0) =>
        world.Hourly(new(dataset, Farm(farm).Location!.Value, [variable], asOf ?? Later)
        {
            First = UtcHour.StartingAt(from),
            Count = count,
            LeadDays = leadDays,
        })[0] ?? throw new InvalidOperationException($"The simulation does not know {variable}.");
}
