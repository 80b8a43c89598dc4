namespace PvLakehouse.Pipeline.Sources;

/// <summary>What the sources must know of a farm to be asked about it, from wherever the caller keeps it.</summary>
public sealed record SourceFacility
{
    /// <summary>OpenElectricity's facility code, for example AVLSF.</summary>
    public required string Code { get; init; }

    /// <summary>The market the farm belongs to: NEM or WEM.</summary>
    public required string NetworkId { get; init; }

    /// <summary>Latitude [°], north positive; null when the registry has none.</summary>
    public double? Latitude { get; init; }

    /// <summary>Longitude [°], east positive; null when the registry has none.</summary>
    public double? Longitude { get; init; }

    /// <summary>Codes of the photovoltaic units; series of other units (wind, battery of a hybrid) are not energy of
    /// the farm.</summary>
    public IReadOnlyList<string> SolarUnitCodes { get; init; } = [];

    /// <summary>Whether weather can be asked for this farm.</summary>
    public bool HasLocation => Latitude is not null && Longitude is not null;
}
