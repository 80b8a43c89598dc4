using System.CommandLine;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Sandbox;
using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Plans;
using PvLakehouse.Sandbox.Simulation;
using PvLakehouse.Sandbox.Simulation.Faults;

namespace PvLakehouse.Cli.Commands;

/// <summary><c>pvlake sandbox</c>: the offline stand-in for the three APIs, as a server of its own.</summary>
internal static class SandboxCommand
{
    private static readonly Option<int> Port = new("--port")
    {
        Description = "Port on the loopback interface; 0 takes any free one.",
        DefaultValueFactory = _ => 8090,
    };

    private static readonly Option<SandboxPlan> Plan = new("--plan")
    {
        Description = "Whose limits are enforced: unlimited, or community (the free plans of the real APIs).",
        DefaultValueFactory = _ => SandboxPlan.Unlimited,
    };

    private static readonly Option<string?> Truth = new("--truth")
    {
        Description = "Write the simulation's faults in the window --date-start to --date-end to this CSV file, so that detectors can be "
            + "scored.",
        HelpName = "FILE",
    };

    public static Command Build() =>
        new Command("sandbox", "Serves simulated or recorded data through the APIs of OpenElectricity and Open-Meteo until Ctrl-C.")
        {
            Port, CommonOptions.Replay, CommonOptions.Fault, Plan, Truth, CommonOptions.Start, CommonOptions.End, CommonOptions.Facilities,
        }.Does(RunAsync);

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var data = SandboxData.Load(line.GetValue(CommonOptions.Replay));
        if (line.GetValue(Truth) is { } file)
        {
            await WriteTruthAsync(file, data, line, cancellationToken);
        }

        var options = new SandboxServerOptions(data)
        {
            Port = line.GetValue(Port),
            Plan = line.GetValue(Plan),
            Faults = SandboxData.Faults(line.GetValue(CommonOptions.Fault)),
        };
        await using var server = await SandboxServer.StartAsync(options, cancellationToken);
        await Console.Out.WriteLineAsync($"""
            The sandbox answers at {server.BaseAddress} until Ctrl-C. Use it with: pvlake run --source {server.BaseAddress}
              OpenElectricity     {server.BaseAddress}v4
              Open-Meteo archive  {server.BaseAddress}v1/archive
              Open-Meteo forecast {server.BaseAddress}v1/forecast
              Open-Meteo air      {server.BaseAddress}v1/air-quality
            """);
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is how a server is meant to end.
        }

        return 0;
    }

    private static async Task WriteTruthAsync(string file, ISandboxData data, ParseResult line, CancellationToken cancellationToken)
    {
        if (data is not SimulatedSandbox simulation)
        {
            throw new LakeException("--truth belongs to the simulation; what is wrong with recorded data nobody wrote down.");
        }

        var window = CommonOptions.Window(line)
            ?? throw new LakeException("--truth needs a window: --date-start and --date-end, whole days, both included.");
        var codes = line.GetValue(CommonOptions.Facilities)!;
        var farms = data.Facilities
            .Where(farm => codes.Count == 0 || codes.Contains(farm.Code, StringComparer.Ordinal)).Select(farm => farm.Code);
        await using var writer = new StreamWriter(file);
        await TruthFile.WriteAsync(
            writer,
            simulation.Faults(farms, window.First, window.Last),
            cancellationToken);
    }
}
