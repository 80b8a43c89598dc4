namespace PvLakehouse.Pipeline.Sources.OpenElectricity;

/// <summary>Which facilities of the register to list.</summary>
/// <remarks>By code the answer holds every unit of the facility whatever its status or fuel, so no farm is lost because
/// its
/// status changed (the API derives "commissioning" from output, and hides such farms from "operating").</remarks>
public sealed record FacilityQuery
{
    private FacilityQuery()
    {
    }

    /// <summary>Codes asked for; empty asks for all solar farms.</summary>
    public IReadOnlyList<string> Codes { get; private init; } = [];

    /// <summary>Statuses asked for when no codes are given.</summary>
    public IReadOnlyList<string> Statuses { get; private init; } = [];

    /// <summary>Every utility-scale solar farm of both networks that is running or being commissioned.</summary>
    public static FacilityQuery AllSolar { get; } = new() { Statuses = ["operating", "commissioning"] };

    /// <summary>These facilities, whatever their status.</summary>
    /// <exception cref="ArgumentException">No code, or an empty one, is given.</exception>
    public static FacilityQuery ByCode(IEnumerable<string> codes)
    {
        var list = codes.Distinct(StringComparer.Ordinal).ToList();
        if (list.Count == 0 || list.Exists(string.IsNullOrWhiteSpace))
        {
            throw new ArgumentException("Expected at least one facility code, and none empty.", nameof(codes));
        }

        return new() { Codes = list };
    }
}
