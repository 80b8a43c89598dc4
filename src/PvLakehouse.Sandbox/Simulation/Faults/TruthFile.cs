using System.Globalization;

namespace PvLakehouse.Sandbox.Simulation.Faults;

/// <summary>Writes the faults of a simulation as CSV, one line per fault, for scoring detectors.</summary>
public static class TruthFile
{
    /// <summary>The columns, in order.</summary>
    public const string Header =
        "facility_code,unit_code,fault,from_utc,to_utc,magnitude,energy_mwh,known_from_utc,known_until_utc";

    /// <summary>Writes the header and the faults in the order given, lines ended by a line feed.</summary>
    /// <param name="writer">Receives the text; stays open.</param>
    /// <param name="faults">The faults, for example <see cref="SimulatedSandbox.Faults"/>.</param>
    /// <param name="cancellationToken">Stops between lines.</param>
    public static async Task WriteAsync(
        TextWriter writer, IEnumerable<FaultEvent> faults, CancellationToken cancellationToken = default)
    {
        await writer.WriteAsync($"{Header}\n".AsMemory(), cancellationToken);
        foreach (var fault in faults)
        {
            await writer.WriteAsync($"{Line(fault)}\n".AsMemory(), cancellationToken);
        }
    }

    /// <summary>The name of a kind in the file, for example <c>frozen_evening</c>.</summary>
    public static string NameOf(DataFaultKind kind) => kind switch
    {
        DataFaultKind.CurtailmentEconomic => "curtailment_economic",
        DataFaultKind.CurtailmentNetwork => "curtailment_network",
        DataFaultKind.Outage => "outage",
        DataFaultKind.PartialOutage => "partial_outage",
        DataFaultKind.Gap => "gap",
        DataFaultKind.FrozenEvening => "frozen_evening",
        DataFaultKind.DoubledDay => "doubled_day",
        DataFaultKind.LateCorrection => "late_correction",
        DataFaultKind.Spike => "spike",
        DataFaultKind.UnitMixUp => "unit_mix_up",
        DataFaultKind.ClockShift => "clock_shift",
        DataFaultKind.Stopped => "stopped",
        DataFaultKind.Duplicate => "duplicate",
        DataFaultKind.Clipping => "clipping",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Expected a kind of fault."),
    };

    private static string Line(FaultEvent fault) => string.Join(
        ',',
        fault.FacilityCode,
        fault.UnitCode,
        NameOf(fault.Kind),
        Instant(fault.FromUtc),
        Instant(fault.ToUtc),
        fault.Magnitude.ToString("0.####", CultureInfo.InvariantCulture),
        fault.EnergyMwh.ToString("0.####", CultureInfo.InvariantCulture),
        Instant(fault.KnownFromUtc),
        Instant(fault.KnownUntilUtc));

    private static string Instant(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";
}
