using PvLakehouse.Sandbox.Http;

namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>The values of one variable of one model at one place.</summary>
/// <param name="Key">The name in the answer: as the client spelled it, with the model behind it when several were asked for.</param>
/// <param name="Variable">The variable.</param>
/// <param name="Values">Values in the default unit; null when there is no data for the variable at all.</param>
/// <param name="Conversion">To the unit asked for.</param>
/// <param name="IsExact">Values are recorded ones: none of their decimals may be lost.</param>
internal sealed record AnswerColumn(
    string Key, HourlyVariable Variable, double?[]? Values, Conversion Conversion, bool IsExact)
{
    /// <summary>The unit of the answer; undefined for a variable without data.</summary>
    public MeasureUnit Unit => Values is null ? MeasureUnit.Undefined : Conversion.Unit;

    /// <summary>A value in the unit of the answer.</summary>
    public double? this[int index] => Values?[index] is { } value ? Conversion.Apply(value) : null;

    /// <summary>Writes a number as text.</summary>
    /// <returns>Bytes written.</returns>
    public int Write(double value, Span<byte> destination)
    {
        var decimals = Unit.Decimals;
        return IsExact && Conversion.IsIdentity && Math.Round(value, decimals) != value
            ? JsonText.Shortest(value, destination)
            : JsonText.Fixed(value, decimals, destination);
    }
}
