namespace PvLakehouse.Sandbox.Data;

/// <summary>Where the numbers of a sandbox come from.</summary>
public enum SandboxDataKind
{
    /// <summary>Computed; no number was ever measured.</summary>
    Simulation,

    /// <summary>Recorded from the real APIs.</summary>
    Replay,
}
