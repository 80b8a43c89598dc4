namespace PvLakehouse.Solar.Plane;

/// <summary>Irradiance on a tilted plane by origin [W/m2].</summary>
/// <param name="Beam">From the sun's disc.</param>
/// <param name="Sky">From the sky.</param>
/// <param name="Ground">Reflected by the ground.</param>
public readonly record struct PlaneIrradiance(double Beam, double Sky, double Ground)
{
    /// <summary>All light on the plane [W/m2] (<c>poa_global</c> in pvlib).</summary>
    public double Global => Beam + Sky + Ground;
}
