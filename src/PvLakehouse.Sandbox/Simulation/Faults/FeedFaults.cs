using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Simulation.Farms;
using PvLakehouse.Sandbox.Simulation.Noise;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Sandbox.Simulation.Faults;

/// <summary>Faults of a farm's whole feed: stamps that are off for weeks, a series that stops, rows that are sent twice.</summary>
/// <remarks>
/// A quarter of a year holds at most one long fault: 3 % of them a shifted clock (four in ten by half an hour), 1 % a stopped series.
/// Rows are sent twice on 0.2 % of days. Other kinds keep their draws, whatever happens here.
/// </remarks>
internal sealed class FeedFaults
{
    private const int BlockDays = 90;
    private const double Shifted = 0.03;
    private const double Stopped = 0.01;
    private const int ShortestDays = 14;
    private const int LongestDays = 42;
    private const double ByHalfAnHour = 0.4;
    private const double TooLate = 0.5;
    private const double Repeated = 0.002;

    private readonly NetworkClock _clock;
    private readonly double _rate;
    private readonly ulong _long, _repeat;

    internal FeedFaults(ulong key, double rate, SandboxFacility farm)
    {
        _clock = farm.Clock;
        _rate = rate;
        _long = Hash.Of(Hash.Of(key, "feed"), farm.Code);
        _repeat = Hash.Of(Hash.Of(key, "repeat"), farm.Code);
    }

    /// <summary>The shifted clock or stopped series that covers a day, or null; it covers whole days of the network's clock.</summary>
    internal Fault? Of(long day)
    {
        var block = (long)Math.Floor(day / (double)BlockDays);
        var draws = new Draws(Hash.Of(_long, block));
        var chance = draws.Next() / _rate;
        if (chance >= Shifted + Stopped)
        {
            return null;
        }

        var days = draws.Slot(ShortestDays, LongestDays + 1);
        var start = (block * BlockDays) + draws.Slot(0, BlockDays - days + 1);
        if (day < start || day >= start + days)
        {
            return null;
        }

        var (from, to) = (Slots.FirstOfDay(start, _clock), Slots.FirstOfDay(start + days, _clock));
        var minutes = (draws.Next() < ByHalfAnHour ? 30 : 60) * (draws.Next() < TooLate ? 1 : -1);
        return chance < Shifted
            ? new Fault(DataFaultKind.ClockShift, from, to, minutes)
            : new Fault(DataFaultKind.Stopped, from, to, 1);
    }

    /// <summary>The rows of a day that are sent twice: whole hours, or null.</summary>
    internal Fault? RepeatedOn(long day)
    {
        var draws = new Draws(Hash.Of(_repeat, day));
        if (draws.Next() >= _rate * Repeated)
        {
            return null;
        }

        var from = Slots.FirstOfDay(day, _clock) + (Slots.PerHour * draws.Slot(0, 18));
        return new Fault(DataFaultKind.Duplicate, from, from + (Slots.PerHour * draws.Slot(1, 7)), 2);
    }
}
