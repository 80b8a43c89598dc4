namespace PvLakehouse.Iceberg.Spec;

/// <summary>Division that rounds towards minus infinity, so that times before 1970 fall into the right unit.</summary>
internal static class FloorMath
{
    public static long Div(long value, long divisor)
    {
        var quotient = Math.DivRem(value, divisor, out var remainder);
        return remainder != 0 && (remainder < 0) != (divisor < 0) ? quotient - 1 : quotient;
    }

    public static long Mod(long value, long divisor) => value - (Div(value, divisor) * divisor);
}
