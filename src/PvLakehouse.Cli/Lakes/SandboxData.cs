using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Faults;
using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Replay;
using PvLakehouse.Sandbox.Simulation;

namespace PvLakehouse.Cli.Lakes;

/// <summary>What a sandbox serves, from command-line options.</summary>
internal static class SandboxData
{
    /// <summary>Recorded files of a folder, or the simulation when there is none.</summary>
    /// <exception cref="LakeException">The folder is missing.</exception>
    public static ISandboxData Load(string? replay) => replay switch
    {
        null => new SimulatedSandbox(new SimulationOptions(), FacilityRegistry.Load().Facilities),
        _ when Directory.Exists(replay) => ReplayData.Load(replay),
        _ => throw new LakeException($"There is no folder {Path.GetFullPath(replay)} to replay."),
    };

    /// <summary>The faults of a list such as 429:0.05,500:0.02.</summary>
    /// <exception cref="LakeException">The list names an unknown fault or a share that is none.</exception>
    public static FaultPlan Faults(string? list)
    {
        try
        {
            return list is null ? FaultPlan.None : FaultPlan.Parse(list);
        }
        catch (FormatException exception)
        {
            throw new LakeException(exception.Message, exception);
        }
    }
}
