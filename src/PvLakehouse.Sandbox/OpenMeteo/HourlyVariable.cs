namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>An hourly variable.</summary>
/// <param name="Name">Its present name.</param>
/// <param name="Unit">Its unit unless the request asks for another.</param>
/// <param name="BinaryCode">Its number in FlatBuffers messages.</param>
/// <param name="Altitude">Height above ground in FlatBuffers messages [m]; 0 for none.</param>
internal sealed record HourlyVariable(string Name, MeasureUnit Unit, byte BinaryCode, short Altitude = 0)
{
    /// <summary>How many days before each stamp its value was forecast; 0 for the newest knowledge.</summary>
    public int LeadDays { get; init; }
}
