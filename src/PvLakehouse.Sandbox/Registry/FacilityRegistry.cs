using System.Collections.Frozen;
using PvLakehouse.Sandbox.Csv;

namespace PvLakehouse.Sandbox.Registry;

/// <summary>The real farms that the sandbox knows: facts only, from the embedded file facilities.csv (see NOTICE.md there).</summary>
/// <remarks>
/// The file holds the capacity of the farm. Where a farm has several units, each unit gets an equal share of it, rounded
/// to 4 decimals, because the split is not public in these facts: sums over a farm are right, single units are not.
/// </remarks>
public sealed class FacilityRegistry
{
    private readonly FrozenDictionary<string, SandboxFacility> _byCode;

    private FacilityRegistry(IReadOnlyList<SandboxFacility> facilities)
    {
        Facilities = facilities;
        _byCode = facilities.ToFrozenDictionary(facility => facility.Code, StringComparer.Ordinal);
    }

    /// <summary>Every farm of the registry, in the order of its file: by network, then by code.</summary>
    public IReadOnlyList<SandboxFacility> Facilities { get; }

    /// <summary>Reads the embedded registry.</summary>
    public static FacilityRegistry Load()
    {
        using var stream = typeof(FacilityRegistry).Assembly.GetManifestResourceStream("facilities.csv")
            ?? throw new InvalidOperationException("The sandbox was built without its embedded facilities.csv.");
        using var reader = new StreamReader(stream);
        return new([.. new CsvReader(reader, "facilities.csv").Records().Select(Read)]);
    }

    /// <summary>The farm of a code, or null when the registry does not know it.</summary>
    public SandboxFacility? Find(string code) => _byCode.GetValueOrDefault(code);

    /// <summary>Splits the capacity of a farm into equal shares of its units.</summary>
    internal static IReadOnlyList<SandboxUnit> Split(
        IReadOnlyList<string> unitCodes, string status, double? registeredMw, double? maximumMw, DateTimeOffset? firstSeen)
    {
        double? Share(double? megawatts) => megawatts is { } mw ? Math.Round(mw / unitCodes.Count, 4) : null;
        return [.. unitCodes.Select(code =>
            new SandboxUnit(code, status, Share(registeredMw), Share(maximumMw)) { DataFirstSeen = firstSeen })];
    }

    private static SandboxFacility Read(CsvRecord row) =>
        new(row.Text("facility_code"), row.Text("facility_name"), row.Text("network_id"), row.Text("network_region"),
            Split(
                row.Text("unit_codes").Split('|'), row.Text("status"),
                row.Number("capacity_registered_mw"), row.Number("capacity_maximum_mw"), row.Instant("data_first_seen")))
        {
            Location = row.Number("latitude") is { } latitude && row.Number("longitude") is { } longitude
                ? new SandboxLocation(latitude, longitude)
                : null,
            HasIntervalData = row.Text("has_interval_data") is not "no",
        };
}
