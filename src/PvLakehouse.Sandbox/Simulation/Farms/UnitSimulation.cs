using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Simulation.Faults;
using PvLakehouse.Sandbox.Simulation.Noise;
using PvLakehouse.Sandbox.Simulation.Weather;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Sandbox.Simulation.Farms;

/// <summary>One unit: what it could deliver, what it delivered, and what was published at a clock. Stateless between calls.</summary>
internal sealed class UnitSimulation
{
    private readonly UnitPower _power;
    private readonly PhysicalFaults? _physical;
    private readonly ProviderFaults? _provider;
    private readonly NetworkClock _clock;
    private readonly long _firstSlot;

    private UnitSimulation(SimulationOptions options, SandboxFacility farm, SandboxUnit unit, UnitPower power)
    {
        Farm = farm;
        Unit = unit;
        _power = power;
        _clock = farm.Clock;
        if (options.Faults)
        {
            var key = Hash.Of(options.Key, "faults");
            _physical = new(key, farm, unit);
            _provider = new(key, farm, unit);
        }

        // The market stamps an interval with its end.
        _firstSlot = unit.DataFirstSeen is { } stamp ? (stamp.ToUnixTimeSeconds() / Slots.Seconds) - 1 : long.MinValue;
    }

    internal SandboxFacility Farm { get; }

    internal SandboxUnit Unit { get; }

    /// <summary>Energy of one interval at AC capacity [MWh].</summary>
    internal double CapacityMwh => _power.CapacityMw / Slots.PerHour;

    /// <summary>The simulation of a unit, or null when the market has no data of it or its place or size is unknown.</summary>
    internal static UnitSimulation? Of(SimulationOptions options, SandboxFacility farm, SandboxUnit unit) =>
        farm is { HasIntervalData: true, Location: { } place } && FarmDesign.Of(farm, unit) is { } design
            ? new(options, farm, unit, new(options.Key, farm, place, design, GridSnap.Weather))
            : null;

    /// <summary>The published energy of consecutive intervals [MWh], NaN where nothing was published at the clock.</summary>
    /// <param name="from">The first interval.</param>
    /// <param name="asOf">The clock.</param>
    /// <param name="energy">Receives one value per interval.</param>
    internal void Published(long from, DateTimeOffset asOf, Span<double> energy)
    {
        var asOfSeconds = asOf.ToUnixTimeSeconds();
        Span<double> day = stackalloc double[Slots.PerDay];
        var scratch = new List<Fault>();
        var to = from + energy.Length;
        for (var number = Slots.DayOf(from, _clock); Slots.FirstOfDay(number, _clock) < to; number++)
        {
            var first = Slots.FirstOfDay(number, _clock);
            var (start, end) = (Math.Max(first, from), Math.Min(first + Slots.PerDay, to));
            var wanted = energy[(int)(start - from)..(int)(end - from)];
            if (start * Slots.Seconds >= asOfSeconds || end <= _firstSlot)
            {
                wanted.Fill(double.NaN);
                continue;
            }

            Day(number, asOfSeconds, day, scratch);
            day[(int)(start - first)..(int)(end - first)].CopyTo(wanted);
            for (var slot = start; slot < end; slot++)
            {
                if (slot < _firstSlot || (slot + 1) * Slots.Seconds > asOfSeconds)
                {
                    wanted[(int)(slot - start)] = double.NaN;
                }
            }
        }
    }

    /// <summary>The faults that touch days of the network's clock and change at least one interval, with their whole effect.</summary>
    internal IEnumerable<FaultEvent> Faults(long firstDay, long lastDay)
    {
        if (_physical is null || _provider is null)
        {
            return [];
        }

        var day = new double[Slots.PerDay];
        var effects = new Dictionary<Fault, FaultEffect>();
        var touching = new List<Fault>();
        for (var number = firstDay - PhysicalFaults.LookBackDays; number <= lastDay + PhysicalFaults.LookBackDays; number++)
        {
            var first = Slots.FirstOfDay(number, _clock);
            touching.Clear();
            _physical.Touching(number, touching);
            _power.Available(first, day);
            foreach (var fault in touching)
            {
                Note(fault, fault.ApplyTo(day, first, CapacityMwh));
            }

            if (number >= firstDay && number <= lastDay && _provider.Of(number, day, CapacityMwh) is { } published)
            {
                Note(published, published.ApplyTo(day, first, CapacityMwh));
            }
        }

        var (earliest, latest) = (Slots.FirstOfDay(firstDay, _clock), Slots.FirstOfDay(lastDay + 1, _clock));
        return effects
            .Where(pair => pair.Value.Changed > 0 && pair.Key.To > Math.Max(earliest, _firstSlot) && pair.Key.From < latest)
            .Select(pair => Event(pair.Key, pair.Value))
            .OrderBy(fault => fault.FromUtc);

        void Note(Fault fault, FaultEffect effect) => effects[fault] = effects.GetValueOrDefault(fault).With(effect);
    }

    private void Day(long number, long asOfSeconds, Span<double> day, List<Fault> scratch)
    {
        var first = Slots.FirstOfDay(number, _clock);
        _power.Available(first, day);
        scratch.Clear();
        _physical?.Touching(number, scratch);
        foreach (var fault in scratch)
        {
            fault.ApplyTo(day, first, CapacityMwh);
        }

        if (_provider?.Of(number, day, CapacityMwh) is { } published && published.ShowsAt(asOfSeconds))
        {
            published.ApplyTo(day, first, CapacityMwh);
        }
    }

    private FaultEvent Event(Fault fault, FaultEffect effect) =>
        new(Farm.Code, Unit.Code, fault.Kind, Slots.Start(fault.From), Slots.Start(fault.To))
        {
            Magnitude = fault.Magnitude,
            EnergyMwh = effect.EnergyMwh,
            KnownFromUtc = Slots.Start(fault.KnownFrom ?? fault.From),
            KnownUntilUtc = fault.KnownUntil is { } until ? Slots.Start(until) : null,
        };
}
