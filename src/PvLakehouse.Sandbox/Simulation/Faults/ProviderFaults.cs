using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Simulation.Farms;
using PvLakehouse.Sandbox.Simulation.Noise;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Sandbox.Simulation.Faults;

/// <summary>Faults of the published numbers of one day: at most one per unit and day, on about 1.9 % of days, drawn from the seed.</summary>
/// <remarks>Modelled on recorded faults of the real provider (doubled days, frozen evenings, missing hours of a whole market).</remarks>
internal sealed class ProviderFaults
{
    private const double MarketGap = 0.0015;
    private const double Gap = 0.004;
    private const double Frozen = 0.004;
    private const double Doubled = 0.002;
    private const double Late = 0.004;
    private const double Spike = 0.003;
    private const double MixedUp = 0.0015;
    private const double MixUpIsRepaired = 0.6;
    private const double DoublingIsRepaired = 0.5;
    private const double GapIsFilled = 0.4;

    private readonly NetworkClock _clock;
    private readonly double _rate;
    private readonly ulong _market, _farm, _unit;

    internal ProviderFaults(ulong key, double rate, SandboxFacility farm, SandboxUnit unit)
    {
        _clock = farm.Clock;
        _rate = rate;
        _farm = Hash.Of(Hash.Of(key, "measure"), farm.Code);
        _market = Hash.Of(Hash.Of(key, "market"), farm.NetworkId);
        _unit = Hash.Of(Hash.Of(key, "provider"), unit.Code);
    }

    /// <summary>The fault of a day, or null; it never reaches beyond the day.</summary>
    /// <param name="day">The day.</param>
    /// <param name="delivered">What the unit delivered in the day's intervals [MWh].</param>
    /// <param name="capacityMwh">Energy of one interval at AC capacity [MWh].</param>
    internal Fault? Of(long day, ReadOnlySpan<double> delivered, double capacityMwh)
    {
        var first = Slots.FirstOfDay(day, _clock);
        var end = first + Slots.PerDay;
        var market = new Draws(Hash.Of(_market, day));
        if (market.Next() < _rate * MarketGap)
        {
            var hour = first + (Slots.PerHour * market.Slot(0, 24));
            return new Fault(DataFaultKind.Gap, hour, hour + Slots.PerHour, 1);
        }

        // Of all units at once: the unit of measure belongs to the feed of a farm.
        var farm = new Draws(Hash.Of(_farm, day));
        if (farm.Next() < _rate * MixedUp)
        {
            return new Fault(DataFaultKind.UnitMixUp, first, end, farm.Next() < 0.5 ? 1000 : 0.001)
            {
                KnownUntil = farm.Next() < MixUpIsRepaired ? end + farm.Slot(Slots.PerDay, 9 * Slots.PerDay) : null,
            };
        }

        var draws = new Draws(Hash.Of(_unit, day));
        switch (draws.Next() / _rate)
        {
            case < Gap:
                var from = first + draws.Slot(Slots.Of(6), Slots.Of(17));
                return new Fault(DataFaultKind.Gap, from, from + draws.Slot(1, 37), 1)
                {
                    KnownUntil = draws.Next() < GapIsFilled ? end + draws.Slot(Slots.PerDay, 3 * Slots.PerDay) : null,
                };
            case < Gap + Frozen:
                return FrozenEvening(first, delivered, capacityMwh, draws.Between(0.1, 0.5));
            case < Gap + Frozen + Doubled:
                return new Fault(DataFaultKind.DoubledDay, first, end, 2)
                {
                    KnownFrom = end + Slots.Of(6),
                    KnownUntil = draws.Next() < DoublingIsRepaired ? end + draws.Slot(8 * Slots.PerDay, 14 * Slots.PerDay) : null,
                };
            case < Gap + Frozen + Doubled + Late:
                return new Fault(DataFaultKind.LateCorrection, first, end, draws.Next() < 0.7 ? draws.Between(0.75, 0.95) : draws.Between(1.05, 1.2))
                {
                    KnownUntil = end + draws.Slot(Slots.PerDay, 9 * Slots.PerDay),
                };
            case < Gap + Frozen + Doubled + Late + Spike:
                var at = first + draws.Slot(Slots.Of(8), Slots.Of(16));
                return new Fault(DataFaultKind.Spike, at, at + 1, draws.Between(1.5, 3));
            default:
                return null;
        }
    }

    // The feed stops in the evening at the last value of a given level, which then stands until five to nine.
    private static Fault? FrozenEvening(long first, ReadOnlySpan<double> delivered, double capacityMwh, double level)
    {
        var end = Slots.Of(20, 55);
        for (var slot = end - 2; slot >= Slots.Of(14); slot--)
        {
            if (delivered[slot] >= level * capacityMwh)
            {
                return new Fault(DataFaultKind.FrozenEvening, first + slot + 1, first + end, delivered[slot] / capacityMwh);
            }
        }

        return null;
    }
}
