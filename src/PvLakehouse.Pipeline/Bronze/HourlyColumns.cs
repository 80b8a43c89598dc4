using PvLakehouse.Pipeline.Sources.OpenMeteo;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>How rows of Open-Meteo become rows of a bronze table.</summary>
internal sealed class HourlyColumns
{
    private readonly int[] _order;

    private HourlyColumns(BronzeSeries series, IReadOnlyList<HourlyVariable> variables)
    {
        Series = series;
        // For each variable column of the contract, the variable's place in the source's rows.
        _order =
        [
            .. from column in series.Contract.Columns
               join variable in variables on column.Name equals variable.Name
               select variable.Index,
        ];
    }

    public static HourlyColumns Weather { get; } = new(RawFacilityWeather.Series, WeatherVariables.All);

    public static HourlyColumns AirQuality { get; } = new(RawFacilityAirQuality.Series, AirQualityVariables.All);

    /// <summary>The table.</summary>
    public BronzeSeries Series { get; }

    /// <summary>A row in contract order without audit columns.</summary>
    public object?[] Row(HourlyRow row, KnownFacility farm) =>
    [
        farm.Code, farm.Name, farm.Source.Latitude, farm.Source.Longitude, row.Date,
        .. _order.Select(index => (object?)row.Values[index]),
        row.Stamp.Start, DateOnly.FromDateTime(row.Stamp.Start.UtcDateTime),
    ];
}
