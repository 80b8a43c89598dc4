namespace PvLakehouse.Pipeline.Expectations;

/// <summary>What came of a check.</summary>
public enum CheckStatus
{
    /// <summary>It holds.</summary>
    Pass,

    /// <summary>A number to know, for example how many rows break a quality rule; neither good nor bad for the table.</summary>
    Info,

    /// <summary>It does not hold, and the table can be used nevertheless, for example one that is late.</summary>
    Warn,

    /// <summary>It does not hold: the table contradicts its contract and must not be published.</summary>
    Fail,
}
