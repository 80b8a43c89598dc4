using System.CommandLine;
using PvLakehouse.Cli.Torture;

namespace PvLakehouse.Cli.Commands;

/// <summary><c>pvlake torture</c>: proves on this machine that nothing is lost or half written when the program is killed.</summary>
internal static class TortureCommand
{
    private static readonly Option<int> Rounds = new("--rounds")
    {
        Description = "How many commands are started and, most of them, killed.",
        HelpName = "N",
        DefaultValueFactory = _ => 50,
    };

    private static readonly Option<int?> Seed = new("--seed")
    {
        Description = "Repeats a run; by default another every time.",
        HelpName = "N",
    };

    private static readonly Option<bool> Keep = new("--keep")
    {
        Description = "Leave the folder to look at; it is kept anyhow when a promise was broken.",
    };

    public static Command Build()
    {
        Rounds.Validators.Add(option =>
        {
            if (option.GetValueOrDefault<int>() < 1)
            {
                option.AddError("--rounds should be 1 or more.");
            }
        });
        return new Command("torture",
            "Kills pvlake at random moments of runs and maintenance, on a lake of its own, and checks what is left.")
        {
            Rounds, Seed, Keep,
        }
            .Does(RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("pvlake-torture-").FullName;
        await Console.Out.WriteLineAsync($"Lake: {folder}");
        var broken = await new TortureRun(
            folder, line.GetValue(Rounds), line.GetValue(Seed) ?? Environment.TickCount, Console.Out).RunAsync(cancellationToken);
        if (broken.Count == 0 && !line.GetValue(Keep))
        {
            Directory.Delete(folder, recursive: true);
        }

        return broken.Count == 0 ? 0 : Faults.Failed;
    }
}
