using System.Collections;
using System.Globalization;

namespace PvLakehouse.Pipeline.Holding;

/// <summary>A farm-day that breaks a veto rule now, or did when it was last looked at.</summary>
internal sealed class JudgedDay
{
    /// <summary>Which day.</summary>
    public required FarmDay Day { get; init; }

    /// <summary>Names of the veto rules that it breaks; null when it breaks none any more.</summary>
    public required string? Reasons { get; init; }

    /// <summary>The version: its newest ingest.</summary>
    public required DateTimeOffset KnownAt { get; init; }

    /// <summary>Earlier versions, newest first.</summary>
    public required IReadOnlyList<DateTimeOffset> Earlier { get; init; }

    /// <summary>Hours with a value.</summary>
    public required long Hours { get; init; }

    /// <summary>Energy of these hours [MWh].</summary>
    public required double? EnergyMwh { get; init; }

    /// <summary>The version that gold keeps; null for none.</summary>
    public DateTimeOffset? KeptKnownAt { get; private set; }

    /// <summary>Energy of that version [MWh].</summary>
    public double? KeptEnergyMwh { get; private set; }

    /// <summary>Whether it breaks a veto rule now.</summary>
    public bool IsVetoed => Reasons is not null;

    /// <summary>Reads a row of day, reasons, versions (µs since 1970, newest first), hours and energy.</summary>
    public static JudgedDay From(object?[] row)
    {
        var versions = ((IEnumerable)row[3]!).Cast<object>()
            .Select(us => DateTimeOffset.UnixEpoch.AddTicks(Convert.ToInt64(us, CultureInfo.InvariantCulture) * 10)).ToArray();
        return new()
        {
            Day = new FarmDay((string)row[0]!, (DateOnly)row[1]!),
            Reasons = (string?)row[2],
            KnownAt = versions[0],
            Earlier = versions[1..],
            Hours = Convert.ToInt64(row[4], CultureInfo.InvariantCulture),
            EnergyMwh = row[5] is { } mwh ? Math.Round(Convert.ToDouble(mwh, CultureInfo.InvariantCulture), 6) : null,
        };
    }

    /// <summary>Says which version gold keeps.</summary>
    public void Keep(DateTimeOffset knownAt, double? mwh) =>
        (KeptKnownAt, KeptEnergyMwh) = (knownAt, mwh is { } energy ? Math.Round(energy, 6) : null);
}
