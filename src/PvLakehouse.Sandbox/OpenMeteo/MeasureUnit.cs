namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>A unit as Open-Meteo writes it.</summary>
/// <param name="Symbol">The text in <c>hourly_units</c>.</param>
/// <param name="Decimals">Decimals of every number in JSON and CSV.</param>
/// <param name="BinaryCode">The unit's number in FlatBuffers messages.</param>
internal sealed record MeasureUnit(string Symbol, int Decimals, byte BinaryCode)
{
    public static readonly MeasureUnit Undefined = new("undefined", 0, 0);
    public static readonly MeasureUnit Celsius = new("°C", 1, 1);
    public static readonly MeasureUnit Fahrenheit = new("°F", 1, 9);
    public static readonly MeasureUnit Degree = new("°", 0, 5);
    public static readonly MeasureUnit WholeNumber = new("", 0, 6);
    public static readonly MeasureUnit Number = new("", 2, 7);
    public static readonly MeasureUnit EuropeanIndex = new("EAQI", 0, 8);
    public static readonly MeasureUnit UsIndex = new("USAQI", 0, 38);
    public static readonly MeasureUnit Hectopascal = new("hPa", 1, 16);
    public static readonly MeasureUnit KilogramPerSquareMetre = new("kg/m²", 2, 23);
    public static readonly MeasureUnit KilometrePerHour = new("km/h", 1, 24);
    public static readonly MeasureUnit MetrePerSecond = new("m/s", 2, 28);
    public static readonly MeasureUnit MilePerHour = new("mp/h", 1, 31);
    public static readonly MeasureUnit Knot = new("kn", 1, 25);
    public static readonly MeasureUnit Metre = new("m", 2, 29);

    // A Greek mu, U+03BC, not the micro sign U+00B5.
    public static readonly MeasureUnit MicrogramPerCubicMetre = new("\u03BCg/m³", 1, 30);
    public static readonly MeasureUnit Millimetre = new("mm", 2, 32);
    public static readonly MeasureUnit Inch = new("inch", 3, 18);
    public static readonly MeasureUnit Percent = new("%", 0, 35);
    public static readonly MeasureUnit Second = new("s", 2, 36);
    public static readonly MeasureUnit WattPerSquareMetre = new("W/m²", 1, 39);
    public static readonly MeasureUnit WeatherCode = new("wmo code", 0, 40);
    public static readonly MeasureUnit PartsPerMillion = new("ppm", 0, 41);
}
