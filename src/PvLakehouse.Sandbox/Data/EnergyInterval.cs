namespace PvLakehouse.Sandbox.Data;

/// <summary>Lengths of the intervals in which energy is published; longer ones are summed by the server.</summary>
public enum EnergyInterval
{
    /// <summary>The market's dispatch interval, 5 minutes.</summary>
    FiveMinutes = 5,

    /// <summary>One hour.</summary>
    Hour = 60,
}
