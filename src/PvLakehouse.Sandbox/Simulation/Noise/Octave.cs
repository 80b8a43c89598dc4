namespace PvLakehouse.Sandbox.Simulation.Noise;

/// <summary>One scale of a noise.</summary>
/// <param name="Hours">Time between independent values [h].</param>
/// <param name="Degrees">Distance between independent values [°]; 0 for a noise of one place.</param>
/// <param name="Weight">Standard deviation relative to the other scales.</param>
internal readonly record struct Octave(double Hours, double Degrees, double Weight);
