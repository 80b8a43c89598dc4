using PvLakehouse.Pipeline.Sources.OpenMeteo;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>How rows of Open-Meteo become rows of a bronze table.</summary>
internal sealed class HourlyColumns
{
    private readonly Part[] _parts;

    private HourlyColumns(BronzeSeries series, IReadOnlyList<Part> parts)
    {
        Series = series;
        _parts = [.. parts];
    }

    public static HourlyColumns Weather { get; } = new(
        RawFacilityWeather.Series, [Part.Of(RawFacilityWeather.Series, WeatherVariables.All, name => name)]);

    public static HourlyColumns AirQuality { get; } = new(
        RawFacilityAirQuality.Series, [Part.Of(RawFacilityAirQuality.Series, AirQualityVariables.All, name => name)]);

    public static HourlyColumns Forecast { get; } = new(
        RawWeatherForecast.Series,
        [
            .. ForecastVariables.LeadDays.Select(lead =>
                Part.Of(RawWeatherForecast.Series, ForecastVariables.All, name => ForecastVariables.NameOf(name, lead)) with { Key = [lead] }),
        ]);

    /// <summary>The table.</summary>
    public BronzeSeries Series { get; }

    /// <summary>How many rows of the table one row of the source can make.</summary>
    public int RowsPerRow => _parts.Length;

    /// <summary>The rows, in contract order without audit columns: one, or one for each day ahead of which something was said.</summary>
    public IEnumerable<object?[]> Rows(HourlyRow row, KnownFacility farm) =>
        from part in _parts
        where part.Key.Length == 0 || part.Order.Any(index => row.Values[index] is not null)
        select (object?[])
        [
            farm.Code, farm.Name, farm.Source.Latitude, farm.Source.Longitude, row.Date, .. part.Key,
            .. part.Order.Select(index => (object?)row.Values[index]),
            row.Stamp.Start, DateOnly.FromDateTime(row.Stamp.Start.UtcDateTime),
        ];

    /// <summary>One row's share of what the source says at a stamp.</summary>
    /// <param name="Key">What it is of, beside farm and stamp.</param>
    /// <param name="Order">For each variable column of the contract, the variable's place in the source's rows.</param>
    private sealed record Part(object?[] Key, int[] Order)
    {
        public static Part Of(BronzeSeries series, IReadOnlyList<HourlyVariable> variables, Func<string, string> nameOf) => new(
            [],
            [
                .. from column in series.Contract.Columns
                   join variable in variables on nameOf(column.Name) equals variable.Name
                   select variable.Index,
            ]);
    }
}
