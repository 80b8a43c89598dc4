namespace PvLakehouse.Solar;

/// <summary>Conversions between degrees, which people read, and radians, which functions take.</summary>
internal static class Angle
{
    internal const double RadiansPerDegree = Math.PI / 180;

    internal static double Radians(double degrees) => degrees * RadiansPerDegree;

    internal static double Degrees(double radians) => radians / RadiansPerDegree;

    /// <summary>The same direction within [0, 360) [°].</summary>
    internal static double Turn(double degrees)
    {
        var turned = degrees % 360;
        return turned < 0 ? turned + 360 : turned;
    }
}
