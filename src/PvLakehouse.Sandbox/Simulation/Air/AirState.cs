namespace PvLakehouse.Sandbox.Simulation.Air;

/// <summary>Concentrations near the ground at one place and instant [μg/m3], all above 0.</summary>
internal readonly record struct AirState
{
    /// <summary>Particles up to 2.5 μm.</summary>
    internal double Pm25 { get; init; }

    /// <summary>Particles up to 10 μm; contains <see cref="Pm25"/> and the coarse part of <see cref="Dust"/>.</summary>
    internal double Pm10 { get; init; }

    /// <summary>Desert dust.</summary>
    internal double Dust { get; init; }

    /// <summary>Nitrogen dioxide.</summary>
    internal double NitrogenDioxide { get; init; }

    /// <summary>Ozone.</summary>
    internal double Ozone { get; init; }

    /// <summary>Sulphur dioxide.</summary>
    internal double SulphurDioxide { get; init; }

    /// <summary>Carbon monoxide.</summary>
    internal double CarbonMonoxide { get; init; }
}
