using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Simulation.Farms;
using PvLakehouse.Sandbox.Simulation.Noise;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Sandbox.Simulation.Faults;

/// <summary>Faults that lower what a unit really delivers: curtailment and outages, drawn per day from the seed.</summary>
/// <remarks>
/// Chances are set so that a farm is curtailed on about 5 % of days (4 % economic, most in spring, shared by the farms of a region,
/// and 1 % by the network), fully off on 0.3 % and partly off on 0.6 %.
/// </remarks>
internal sealed class PhysicalFaults
{
    private const double RegionIsNegative = 0.053;
    private const double FarmTakesPart = 0.75;
    private const double BidsToZero = 0.6;
    private const double NetworkLimit = 0.010;
    private const double OutageStarts = 0.0022;
    private const double PartialStarts = 0.0011;
    private const int LongestOutageDays = 2;
    private const int LongestPartialDays = 10;
    private const double MidOctober = 287;

    private readonly NetworkClock _clock;
    private readonly ulong _region, _economic, _network, _outage, _partial;

    internal PhysicalFaults(ulong key, SandboxFacility farm, SandboxUnit unit)
    {
        _clock = farm.Clock;
        _region = Hash.Of(Hash.Of(key, "price"), farm.Region);
        _economic = Hash.Of(Hash.Of(key, "economic"), farm.Code);
        _network = Hash.Of(Hash.Of(key, "network"), farm.Code);
        _outage = Hash.Of(Hash.Of(key, "outage"), unit.Code);
        _partial = Hash.Of(Hash.Of(key, "partial"), unit.Code);
    }

    /// <summary>Days before a day on which a fault that reaches into it may have started.</summary>
    internal static int LookBackDays => LongestPartialDays;

    /// <summary>Adds the faults that start on a day.</summary>
    internal void StartingOn(long day, List<Fault> faults)
    {
        var first = Slots.FirstOfDay(day, _clock);
        var region = new Draws(Hash.Of(_region, day));
        var farm = new Draws(Hash.Of(_economic, day));
        var spring = 1 + (0.8 * Math.Cos(2 * Math.PI * (Slots.DayOfYear(day) - MidOctober) / 365.25));
        if (region.Next() < RegionIsNegative * spring && farm.Next() < FarmTakesPart)
        {
            var setpoint = farm.Next() < BidsToZero ? 0 : farm.Between(0.1, 0.5);
            faults.Add(new(
                DataFaultKind.CurtailmentEconomic,
                first + region.Slot(Slots.Of(9, 30), Slots.Of(11, 30)),
                first + region.Slot(Slots.Of(13), Slots.Of(15, 30)),
                setpoint));
        }

        var network = new Draws(Hash.Of(_network, day));
        if (network.Next() < NetworkLimit)
        {
            var from = first + network.Slot(Slots.Of(8), Slots.Of(12));
            faults.Add(new(
                DataFaultKind.CurtailmentNetwork, from, from + network.Slot(3 * Slots.PerHour, 5 * Slots.PerHour), network.Between(0.3, 0.7)));
        }

        var outage = new Draws(Hash.Of(_outage, day));
        if (outage.Next() < OutageStarts)
        {
            var from = first + outage.Slot(Slots.Of(5), Slots.Of(17));
            faults.Add(new(DataFaultKind.Outage, from, from + outage.Slot(Slots.PerHour, 36 * Slots.PerHour), 1));
        }

        var partial = new Draws(Hash.Of(_partial, day));
        if (partial.Next() < PartialStarts)
        {
            var from = first + partial.Slot(Slots.Of(5), Slots.Of(17));
            var blocks = 4 + (int)(8 * partial.Next());
            faults.Add(new(
                DataFaultKind.PartialOutage, from, from + partial.Slot(Slots.PerDay, (LongestPartialDays - 1) * Slots.PerDay), 1.0 / blocks));
        }
    }

    /// <summary>Adds the faults that touch a day, earlier ones first.</summary>
    internal void Touching(long day, List<Fault> faults)
    {
        var first = Slots.FirstOfDay(day, _clock);
        for (var start = day - LongestPartialDays; start <= day; start++)
        {
            // Most days draw nothing; the two long kinds are tested before the whole day is.
            if (start == day
                || new Draws(Hash.Of(_partial, start)).Next() < PartialStarts
                || (start >= day - LongestOutageDays && new Draws(Hash.Of(_outage, start)).Next() < OutageStarts))
            {
                StartingOn(start, faults);
            }
        }

        faults.RemoveAll(fault => fault.To <= first || fault.From >= first + Slots.PerDay);
    }
}
