using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PvLakehouse.Torture;

/// <summary>The lake's own torture, as <c>pvlake torture</c> offers it to everyone: runs, maintenance and publishing are killed at random moments.</summary>
public sealed partial class LakeTortureTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_lake_keeps_its_promises_however_often_pvlake_is_killed()
    {
        var rounds = Soak.Choose(usually: 50, soak: 1000);

        var (exitCode, printed) = await RunAsync("torture", "--rounds", rounds.ToString(CultureInfo.InvariantCulture), "--seed", "4");

        output.WriteLine(printed);
        var summary = Summary().Match(printed);
        Assert.True(summary.Success, printed);
        Assert.Equal((0, "0"), (exitCode, summary.Groups["broken"].Value));
        // A third of what is started ends before it is killed.
        var kills = int.Parse(summary.Groups["kills"].Value, CultureInfo.InvariantCulture);
        Assert.InRange(kills, rounds / 3, rounds);
        Assert.NotEqual("0", summary.Groups["half"].Value);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var token = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "pvlake.dll"), .. arguments]) { RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("pvlake could not be started.");
        try
        {
            var printed = await process.StandardOutput.ReadToEndAsync(token);
            await process.WaitForExitAsync(token);
            return (process.ExitCode, printed);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    [GeneratedRegex(@"^\d+ rounds, (?<kills>\d+) killed \((?<half>\d+) of them after a commit\), (?<broken>\d+) promises broken \(seed", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Summary();
}
