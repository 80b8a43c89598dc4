using System.Globalization;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.OpenMeteo;

namespace PvLakehouse.Pipeline.Tests.Sources;

/// <summary>Bodies in the shape of the APIs, values invented.</summary>
internal static class Bodies
{
    public static readonly SourceFacility Avonlie = Farm("AVLSF", "NEM", -34.919115, 146.609540, "AVLSF1");

    public static readonly SourceFacility Emerald = Farm("EMERASF", "NEM", -23.508790, 148.128017, "EMERASF1");

    public static readonly SourceFacility Merredin = Farm("MERSOLAR", "WEM", -31.5, 118.2, "MERSOLAR_PV1");

    public const string NoData =
        """{"version":"4.5.11","response_status":"ERROR","error":"No data available for facility=['AVLSF']","success":false}""";

    public static SourceFacility Farm(string code, string network, double? latitude, double? longitude, params string[] units) =>
        new() { Code = code, NetworkId = network, Latitude = latitude, Longitude = longitude, SolarUnitCodes = units };

    /// <summary>An hourly energy body of one unit.</summary>
    public static string Energy(string unit, string points, string network = "NEM") => $$"""
        {"version":"4.5.11","created_at":"2026-02-03T09:15:02+11:00","success":true,"data":[
         {"network_code":"{{network}}","metric":"energy","unit":"MWh","interval":"1h",
          "date_start":"2026-01-01T06:00:00+10:00","date_end":"2026-01-01T08:00:00+10:00","groupings":[],
          "results":[{"name":"energy_{{unit}}","date_start":"2026-01-01T06:00:00+10:00","date_end":"2026-01-01T08:00:00+10:00",
           "columns":{"unit_code":"{{unit}}"},"data":[{{points}}]}],
          "network_timezone_offset":"+10:00"}]}
        """;

    /// <summary>An hourly body for the days of a request, a value for every variable: hour × 100 + its index.</summary>
    public static string Hourly(StubRequest request, IReadOnlyList<HourlyVariable> variables)
    {
        var first = DateTime.Parse(request.Value("start_date"), CultureInfo.InvariantCulture);
        var last = DateTime.Parse(request.Value("end_date"), CultureInfo.InvariantCulture);
        var hours = ((int)(last - first).TotalDays + 1) * 24;
        var locations = request.Value("latitude").Split(',').Length;
        var blocks = Enumerable.Range(0, locations).Select(location => Location(first, hours, variables, location));
        return locations == 1 ? blocks.Single() : $"[{string.Join(',', blocks)}]";
    }

    public static string Location(DateTime first, int hours, IReadOnlyList<HourlyVariable> variables, int location)
    {
        var times = Enumerable.Range(0, hours)
            .Select(hour => $"\"{first.AddHours(hour).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture)}\"");
        var units = variables.Select(variable => $",\"{variable.Name}\":\"{variable.Unit}\"");
        var columns = variables.Select(variable => $",\"{variable.Name}\":["
            + string.Join(',', Enumerable.Range(0, hours).Select(hour => (hour * 100) + variable.Index + (location * 0.5)))
            + "]");
        var id = location == 0 ? "" : $"\"location_id\":{location},";
        return $$$"""
            {"latitude":-34.9,"longitude":146.6,"generationtime_ms":0.71,"utc_offset_seconds":0,"timezone":"GMT",
             "timezone_abbreviation":"GMT","elevation":173.0,{{{id}}}
             "hourly_units":{"time":"iso8601"{{{string.Concat(units)}}}},
             "hourly":{"time":[{{{string.Join(',', times)}}}]{{{string.Concat(columns)}}}}}
            """;
    }
}
