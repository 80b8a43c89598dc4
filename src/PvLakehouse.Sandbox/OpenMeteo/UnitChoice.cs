using System.Runtime.InteropServices;

namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>The units that a request asked for.</summary>
internal sealed record UnitChoice
{
    private readonly Conversion? _temperature;
    private readonly Conversion? _wind;
    private readonly Conversion? _precipitation;

    /// <exception cref="OpenMeteoError">A text is no unit.</exception>
    public UnitChoice(string? temperature, string? wind, string? precipitation)
    {
        _temperature = temperature switch
        {
            null or "celsius" => null,
            "fahrenheit" => new(MeasureUnit.Fahrenheit, 1.8, 32),
            _ => throw OpenMeteoError.Invalid("TemperatureUnit", temperature),
        };
        _wind = wind switch
        {
            null or "kmh" => null,
            "ms" => new(MeasureUnit.MetrePerSecond, 1 / 3.6, 0),
            "mph" => new(MeasureUnit.MilePerHour, 1 / 1.609344, 0),
            "kn" => new(MeasureUnit.Knot, 1 / 1.852, 0),
            _ => throw OpenMeteoError.Invalid("WindspeedUnit", wind),
        };
        _precipitation = precipitation switch
        {
            null or "mm" => null,
            "inch" => new(MeasureUnit.Inch, 1 / 25.4, 0),
            _ => throw OpenMeteoError.Invalid("PrecipitationUnit", precipitation),
        };
    }

    /// <summary>How a value of a default unit is to be answered.</summary>
    public Conversion From(MeasureUnit unit) => unit switch
    {
        _ when unit == MeasureUnit.Celsius => _temperature,
        _ when unit == MeasureUnit.KilometrePerHour => _wind,
        _ when unit == MeasureUnit.Millimetre => _precipitation,
        _ => null,
    } ?? new(unit, 1, 0);
}

/// <summary>A linear conversion: value times scale plus offset.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Conversion(MeasureUnit Unit, double Scale, double Offset)
{
    /// <summary>Whether values stay what they are.</summary>
    public bool IsIdentity => Scale is 1 && Offset is 0;

    public double Apply(double value) => (value * Scale) + Offset;
}
