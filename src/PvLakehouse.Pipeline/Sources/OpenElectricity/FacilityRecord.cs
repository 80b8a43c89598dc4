namespace PvLakehouse.Pipeline.Sources.OpenElectricity;

/// <summary>A facility as OpenElectricity's register describes it; texts are kept exactly as sent.</summary>
public sealed record FacilityRecord
{
    /// <summary>Facility code, for example AVLSF.</summary>
    public required string Code { get; init; }

    /// <summary>Facility name; null when not sent.</summary>
    public string? Name { get; init; }

    /// <summary>Market: NEM or WEM.</summary>
    public required string NetworkId { get; init; }

    /// <summary>Region of the market, for example NSW1; null when not sent.</summary>
    public string? NetworkRegion { get; init; }

    /// <summary>Latitude [°], north positive; null when not sent.</summary>
    public double? Latitude { get; init; }

    /// <summary>Longitude [°], east positive; null when not sent.</summary>
    public double? Longitude { get; init; }

    /// <summary>Description, an HTML fragment; null when not sent.</summary>
    public string? Description { get; init; }

    /// <summary>When the register created the entry, text as sent; null when not sent.</summary>
    public string? CreatedAt { get; init; }

    /// <summary>When the register last changed the entry, text as sent; null when not sent.</summary>
    public string? UpdatedAt { get; init; }

    /// <summary>The units that the query listed, of every fuel when facilities were asked for by code.</summary>
    public required IReadOnlyList<FacilityUnit> Units { get; init; }

    /// <summary>The photovoltaic units among <see cref="Units"/>.</summary>
    public IEnumerable<FacilityUnit> SolarUnits => Units.Where(unit => unit.IsSolar);

    /// <summary>The facility as a subject of energy and weather queries.</summary>
    public SourceFacility ToSourceFacility() => new()
    {
        Code = Code,
        NetworkId = NetworkId,
        Latitude = Latitude,
        Longitude = Longitude,
        SolarUnitCodes = [.. SolarUnits.Select(unit => unit.Code)],
    };
}

/// <summary>A generating unit of a facility. The API leaves out every null and every zero, so absent values are
/// null.</summary>
public sealed record FacilityUnit
{
    /// <summary>Fuel technology of utility-scale photovoltaics.</summary>
    public const string SolarFuelTech = "solar_utility";

    /// <summary>Unit code, for example FINLYSF1; not always derived from the facility's code.</summary>
    public required string Code { get; init; }

    /// <summary>Fuel technology, for example solar_utility; null when not sent.</summary>
    public string? FuelTech { get; init; }

    /// <summary>Status: committed, commissioning, operating or retired; null when not sent.</summary>
    public string? Status { get; init; }

    /// <summary>GENERATOR, LOAD or BIDIRECTIONAL; null when not sent.</summary>
    public string? DispatchType { get; init; }

    /// <summary>Registered capacity [MW], for solar farms near the DC nameplate.</summary>
    public double? CapacityRegistered { get; init; }

    /// <summary>Maximum capacity [MW], the AC ceiling.</summary>
    public double? CapacityMaximum { get; init; }

    /// <summary>Storage capacity [MWh].</summary>
    public double? CapacityStorage { get; init; }

    /// <summary>Emissions factor [t/MWh].</summary>
    public double? EmissionsFactor { get; init; }

    /// <summary>Largest output seen [MW].</summary>
    public double? MaxGeneration { get; init; }

    /// <summary>First interval with data, text as sent.</summary>
    public string? DataFirstSeen { get; init; }

    /// <summary>Last interval with data, text as sent.</summary>
    public string? DataLastSeen { get; init; }

    /// <summary>Start of commercial operation, text as sent.</summary>
    public string? CommencementDate { get; init; }

    /// <summary>Whether the unit is utility-scale photovoltaics.</summary>
    public bool IsSolar => string.Equals(FuelTech, SolarFuelTech, StringComparison.Ordinal);
}
