using System.Text.Json;
using System.Xml.Linq;

namespace PvLakehouse.Cli.Tests;

/// <summary><c>pvlake check</c>, as a person, a script and a build server read it.</summary>
public sealed class CheckCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_a_check_finds_is_told_to_people_scripts_and_build_servers()
    {
        await RunAsync(0, "run", "--mode", "backfill", "--facilities", "WRSF1", "--date-start", "2025-01-01", "--date-end", "2025-01-02");

        var told = await RunAsync(0, "check", "gold");
        Assert.Matches(@"\n[1-9]\d* passed, 0 warned, 0 failed; \d+ rules counted\n$", told);
        Assert.Equal(told, await RunAsync(0, "check", "gold", "--strict"));

        // These data are of 2025, so they are late, which is a warning.
        await RunAsync(0, "check", "silver.clean_hourly_energy");
        await RunAsync(1, "check", "silver.clean_hourly_energy", "--strict");

        await RunAsync(0, "sql", "INSERT INTO iceberg.gold.dim_time SELECT * FROM iceberg.gold.dim_time WHERE time_key = 12");
        var results = JsonDocument.Parse(await RunAsync(1, "check", "dim_time", "--format", "json")).RootElement.EnumerateArray().ToArray();
        var failed = Assert.Single(results, result => result.GetProperty("status").GetString() == "fail");
        Assert.Equal(("gold.dim_time", "unique_key", 1, "12"), (
            failed.GetProperty("table").GetString(), failed.GetProperty("check").GetString(), failed.GetProperty("violations").GetInt32(),
            failed.GetProperty("sample").GetString()));

        // JUnit's format: https://github.com/testmoapp/junitxml (2022)
        var suite = Assert.Single(XElement.Parse(await RunAsync(1, "check", "iceberg.gold.dim_time", "--format", "junit")).Elements("testsuite"));
        Assert.Equal(("gold.dim_time", results.Length, 1), ((string?)suite.Attribute("name"), (int)suite.Attribute("tests")!, (int)suite.Attribute("failures")!));
        var broken = Assert.Single(suite.Elements("testcase"), test => test.Element("failure") is not null);
        Assert.Equal("unique_key", (string?)broken.Attribute("name"));
        Assert.Contains("for example 12", (string?)broken.Element("failure")!.Attribute("message"), StringComparison.Ordinal);

        var refused = await PvlakeProcess.RunAsync(Token, "check", "gold.dim_moon", "--lake", _folder.Path);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("There is no table 'gold.dim_moon'", refused.Error, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(int exitCode, params string[] arguments)
    {
        var run = await PvlakeProcess.RunAsync(Token, [.. arguments, "--lake", _folder.Path]);
        Assert.True(run.ExitCode == exitCode, $"'{string.Join(' ', arguments)}' ended with {run.ExitCode}, expected {exitCode}.\n{run.Output}{run.Error}");
        return run.Output;
    }
}
