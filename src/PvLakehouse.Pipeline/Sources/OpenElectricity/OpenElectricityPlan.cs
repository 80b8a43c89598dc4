namespace PvLakehouse.Pipeline.Sources.OpenElectricity;

/// <summary>Which requests a read of OpenElectricity takes: a pure function of query and limits.</summary>
public static class OpenElectricityPlan
{
    /// <summary>The requests that list facilities.</summary>
    public static IReadOnlyList<FacilitiesRequest> Facilities(FacilityQuery query, OpenElectricityOptions options)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(options);
        if (query.Codes.Count == 0)
        {
            var filter = "network_id=NEM&network_id=WEM&fueltech_id=" + FacilityUnit.SolarFuelTech
                + string.Concat(query.Statuses.Select(status => "&status_id=" + status));
            return [FacilitiesRequest(options, [], filter)];
        }

        return
        [
            .. query.Codes
                .Chunk(options.MaxCodesPerRequest)
                .Select(codes => FacilitiesRequest(options, codes, string.Join('&', codes.Select(Parameter)))),
        ];
    }

    /// <summary>The requests that read energy: groups of farms, each over consecutive windows.</summary>
    public static IReadOnlyList<EnergyRequest> Energy(EnergyQuery query, OpenElectricityOptions options)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(options);
        return
        [
            .. query.Facilities
                .Chunk(options.MaxCodesPerRequest)
                .SelectMany(group => query.Window
                    .Split(options.MaxDays.Of(query.Interval))
                    .Select(window => EnergyRequest(options, group, window, query.Interval))),
        ];
    }

    /// <summary>The requests that replace one whose window the server found too long.</summary>
    internal static IReadOnlyList<EnergyRequest> Resplit(
        EnergyRequest request, int maxDays, OpenElectricityOptions options) =>
    [
        .. request.Window.Split(maxDays)
            .Select(window => EnergyRequest(options, request.Facilities, window, request.Interval)),
    ];

    private static FacilitiesRequest FacilitiesRequest(
        OpenElectricityOptions options, IReadOnlyList<string> codes, string filter) => new()
        {
            // The slash matters: without it the server redirects, and a redirect loses the key.
            Address = new(options.BaseAddress, "facilities/?" + filter),
            Facilities = [],
            Codes = codes,
        };

    private static EnergyRequest EnergyRequest(
        OpenElectricityOptions options, IReadOnlyList<SourceFacility> facilities, NetworkWindow window, EnergyInterval interval)
    {
        var codes = string.Join('&', facilities.Select(facility => Parameter(facility.Code)));
        return new()
        {
            Address = new(
                options.BaseAddress,
                $"data/facilities/{window.Clock.NetworkId}?metrics=energy&interval={EnergyIntervalCode.Of(interval)}"
                + $"&{codes}&date_start={window.StartText}&date_end={window.EndText}"),
            Facilities = facilities,
            Window = window,
            Interval = interval,
        };
    }

    private static string Parameter(string code) => "facility_code=" + Uri.EscapeDataString(code);
}
