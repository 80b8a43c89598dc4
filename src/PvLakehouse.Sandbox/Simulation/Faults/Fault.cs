using PvLakehouse.Sandbox.Simulation.Farms;

namespace PvLakehouse.Sandbox.Simulation.Faults;

/// <summary>One fault of one unit over consecutive intervals.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="From">First interval.</param>
/// <param name="To">First interval after it.</param>
/// <param name="Magnitude">How much, as <see cref="DataFaultKind"/> says.</param>
internal readonly record struct Fault(DataFaultKind Kind, long From, long To, double Magnitude)
{
    /// <summary>When the fault starts to show in the published values, as an interval; null: at once.</summary>
    internal long? KnownFrom { get; init; }

    /// <summary>When the provider has repaired the published values, as an interval; null: never.</summary>
    internal long? KnownUntil { get; init; }

    /// <summary>Whether the published values show the fault at a clock [s since 1970-01-01T00:00Z].</summary>
    internal bool ShowsAt(long asOfSeconds) =>
        (KnownFrom is not { } from || from * Slots.Seconds <= asOfSeconds)
        && (KnownUntil is not { } until || asOfSeconds < until * Slots.Seconds);

    /// <summary>Changes the energies of a day; NaN stands for a missing interval.</summary>
    /// <param name="day">Energies of a day's intervals [MWh].</param>
    /// <param name="firstSlot">The first interval of the day.</param>
    /// <param name="capacityMwh">Energy of one interval at AC capacity [MWh].</param>
    internal FaultEffect ApplyTo(Span<double> day, long firstSlot, double capacityMwh)
    {
        var (from, to) = ((int)Math.Max(From - firstSlot, 0), (int)Math.Min(To - firstSlot, day.Length));
        var frozen = Kind is DataFaultKind.FrozenEvening && from > 0 ? day[from - 1] : 0;
        var effect = default(FaultEffect);
        for (var i = from; i < to; i++)
        {
            var was = day[i];
            day[i] = Kind switch
            {
                DataFaultKind.CurtailmentEconomic or DataFaultKind.CurtailmentNetwork => Math.Min(was, Magnitude * capacityMwh),
                DataFaultKind.Outage => 0,
                DataFaultKind.PartialOutage => was * (1 - Magnitude),
                DataFaultKind.Gap or DataFaultKind.Stopped => double.NaN,
                DataFaultKind.FrozenEvening => frozen,
                DataFaultKind.DoubledDay => 2 * was,
                DataFaultKind.LateCorrection or DataFaultKind.UnitMixUp => Magnitude * was,
                DataFaultKind.Spike => Magnitude * capacityMwh,
                _ => throw new InvalidOperationException($"{Kind} does not change one value by itself."),
            };
            effect = effect.With(was, day[i]);
        }

        return effect;
    }
}

/// <summary>What a fault did to the values it met.</summary>
/// <param name="Changed">Number of intervals that it changed.</param>
/// <param name="EnergyMwh">Published minus unspoilt energy [MWh]; a missing interval counts as 0.</param>
internal readonly record struct FaultEffect(int Changed, double EnergyMwh)
{
    internal FaultEffect With(double before, double after) =>
        before.Equals(after) ? this : new(Changed + 1, EnergyMwh + (double.IsNaN(after) ? 0 : after) - before);

    /// <summary>The difference of two days, value by value.</summary>
    internal static FaultEffect Between(ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        var effect = default(FaultEffect);
        for (var i = 0; i < before.Length; i++)
        {
            effect = effect.With(before[i], after[i]);
        }

        return effect;
    }

    internal FaultEffect With(FaultEffect other) => new(Changed + other.Changed, EnergyMwh + other.EnergyMwh);
}
