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
    private readonly FeedFaults? _feed;
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
            _provider = new(key, options.ProviderFaultRate, farm, unit);
            _feed = new(key, options.ProviderFaultRate, farm);
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

            // A stamp that is too early names a value of the future, which nobody knows before it was measured.
            var lead = _feed?.Of(number) is { Kind: DataFaultKind.ClockShift, Magnitude: < 0 and var minutes } ? (long)-minutes * 60 : 0;
            day[(int)(start - first)..(int)(end - first)].CopyTo(wanted);
            for (var slot = start; slot < end; slot++)
            {
                if (slot < _firstSlot || ((slot + 1) * Slots.Seconds) + lead > asOfSeconds)
                {
                    wanted[(int)(slot - start)] = double.NaN;
                }
            }
        }
    }

    /// <summary>The spans of the feed that are sent twice and touch a window.</summary>
    internal IEnumerable<(DateTimeOffset FromUtc, DateTimeOffset ToUtc)> SentTwice(DateTimeOffset fromUtc, DateTimeOffset toUtc)
    {
        var (first, last) = (DayAt(fromUtc), DayAt(toUtc));
        for (var day = first; _feed is not null && day <= last; day++)
        {
            if (_feed.RepeatedOn(day) is { } repeat && Slots.Start(repeat.To) > fromUtc && Slots.Start(repeat.From) < toUtc)
            {
                yield return (Slots.Start(repeat.From), Slots.Start(repeat.To));
            }
        }

        long DayAt(DateTimeOffset instant) => Slots.DayOf(instant.ToUnixTimeSeconds() / Slots.Seconds, _clock);
    }

    /// <summary>The faults that touch days of the network's clock, and the labels of what changes no value, with their whole effect.</summary>
    internal IEnumerable<FaultEvent> Faults(long firstDay, long lastDay)
    {
        if (_physical is null || _feed is null)
        {
            return [];
        }

        var day = new double[Slots.PerDay];
        var effects = new Dictionary<Fault, FaultEffect>();
        var scratch = new List<Fault>();
        var start = Math.Min(firstDay - PhysicalFaults.LookBackDays, _feed.Of(firstDay) is { } running ? DayOf(running.From) : firstDay);
        var end = Math.Max(lastDay + PhysicalFaults.LookBackDays, _feed.Of(lastDay) is { } lasting ? DayOf(lasting.To) : lastDay);
        for (var number = start; number <= end; number++)
        {
            Day(number, asOfSeconds: null, day, scratch, Note);
            if (_feed.RepeatedOn(number) is { } repeat)
            {
                Note(repeat, new((int)(repeat.To - repeat.From), 0));
            }
        }

        var (earliest, latest) = (Slots.FirstOfDay(firstDay, _clock), Slots.FirstOfDay(lastDay + 1, _clock));
        return effects
            .Where(pair => pair.Value.Changed > 0 && pair.Key.To > Math.Max(earliest, _firstSlot) && pair.Key.From < latest)
            .Select(pair => Event(pair.Key, pair.Value))
            .OrderBy(fault => fault.FromUtc);

        long DayOf(long slot) => Slots.DayOf(slot, _clock);

        void Note(Fault fault, FaultEffect effect) => effects[fault] = effects.GetValueOrDefault(fault).With(effect);
    }

    /// <summary>The values of a day as published at a clock, or with every fault when no clock is given.</summary>
    private void Day(long number, long? asOfSeconds, Span<double> day, List<Fault> scratch, Action<Fault, FaultEffect>? note = null)
    {
        Delivered(number, day, scratch, note);
        var first = Slots.FirstOfDay(number, _clock);
        var feed = _feed?.Of(number);
        if (feed is { Kind: DataFaultKind.Stopped } stopped)
        {
            var effect = stopped.ApplyTo(day, first, CapacityMwh);
            note?.Invoke(stopped, effect);
            return;
        }

        if (feed is { } shifted)
        {
            Shift(shifted, number, day, scratch, note);
        }

        if (_provider?.Of(number, day, CapacityMwh) is { } published && (asOfSeconds is not { } clock || published.ShowsAt(clock)))
        {
            var effect = published.ApplyTo(day, first, CapacityMwh);
            note?.Invoke(published, effect);
        }
    }

    /// <summary>What the unit delivered on a day.</summary>
    private void Delivered(long number, Span<double> day, List<Fault> scratch, Action<Fault, FaultEffect>? note)
    {
        var first = Slots.FirstOfDay(number, _clock);
        _power.Available(first, day);
        scratch.Clear();
        _physical?.Touching(number, scratch);
        foreach (var fault in scratch)
        {
            var effect = fault.ApplyTo(day, first, CapacityMwh);
            note?.Invoke(fault, effect);
        }

        if (note is not null)
        {
            foreach (var run in ClippedRun.In(day, CapacityMwh))
            {
                note(new(DataFaultKind.Clipping, first + run.Start, first + run.End, 1), new(run.End - run.Start, 0));
            }
        }
    }

    /// <summary>Moves the values of a day to the stamps that a wrong clock gives them.</summary>
    private void Shift(Fault shift, long number, Span<double> day, List<Fault> scratch, Action<Fault, FaultEffect>? note)
    {
        Span<double> delivered = stackalloc double[Slots.PerDay];
        Span<double> beside = stackalloc double[Slots.PerDay];
        day.CopyTo(delivered);
        var slots = (int)shift.Magnitude * 60 / Slots.Seconds;
        Delivered(number - Math.Sign(slots), beside, scratch, note: null);
        for (var i = 0; i < day.Length; i++)
        {
            var from = i - slots;
            day[i] = from < 0 ? beside[from + day.Length] : from < day.Length ? delivered[from] : beside[from - day.Length];
        }

        note?.Invoke(shift, FaultEffect.Between(delivered, day));
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
