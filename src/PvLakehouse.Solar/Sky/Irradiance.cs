namespace PvLakehouse.Solar.Sky;

/// <summary>Broadband solar irradiance at the ground [W/m2].</summary>
/// <param name="Global">On a horizontal plane, from the whole sky (GHI).</param>
/// <param name="DirectNormal">From the sun's disc on a plane facing it (DNI).</param>
/// <param name="Diffuse">On a horizontal plane, from the sky without the disc (DHI).</param>
public readonly record struct Irradiance(double Global, double DirectNormal, double Diffuse);
