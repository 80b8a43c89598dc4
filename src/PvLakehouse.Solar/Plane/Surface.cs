using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Solar.Plane;

/// <summary>The orientation of a module plane at one moment, as its unit normal.</summary>
/// <param name="East">Component of the normal towards east.</param>
/// <param name="North">Component towards north.</param>
/// <param name="Up">Component towards the zenith: the cosine of the tilt.</param>
public readonly record struct Surface(double East, double North, double Up)
{
    /// <summary>A plane lying flat.</summary>
    public static Surface Horizontal { get; } = new(0, 0, 1);

    /// <summary>A plane fixed by angles.</summary>
    /// <param name="tilt">Angle from the horizontal [°], 0 flat to 90 upright.</param>
    /// <param name="azimuth">Direction it faces [°], east of north: 0 north, 180 south.</param>
    public static Surface FromAngles(double tilt, double azimuth)
    {
        var normal = SunPosition.FromAngles(tilt, azimuth);
        return new(normal.East, normal.North, normal.Up);
    }

    /// <summary>Angle from the horizontal [°].</summary>
    public double Tilt => Angle.Degrees(Math.Acos(Math.Clamp(Up, -1, 1)));

    /// <summary>Direction the plane faces [°], east of north.</summary>
    public double Azimuth => Angle.Turn(Angle.Degrees(Math.Atan2(East, North)));

    /// <summary>Cosine of the angle between the normal and the sun; negative when the sun is behind the plane.</summary>
    public double CosIncidence(SunPosition sun) =>
        Math.Clamp((East * sun.East) + (North * sun.North) + (Up * sun.Up), -1, 1);
}
