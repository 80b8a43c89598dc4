using System.Text.Json;

namespace PvLakehouse.Cli.Tests;

/// <summary>Lineage events go where the settings say, and hold up nothing.</summary>
public sealed class LineageSettingsTests : IDisposable
{
    private static readonly string[] Load = ["bronze", "facilities", "--mode", "backfill"];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_gets_the_events_of_every_stage()
    {
        var file = Path.Combine(_folder.Path, "lineage.ndjson");

        using var run = await RunAsync(file);

        Assert.True(run.ExitCode == 0, run.Error);
        var events = (await File.ReadAllLinesAsync(file, Token)).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["START", "COMPLETE"], events.Select(e => e.GetProperty("eventType").GetString()));
        Assert.All(events, e => Assert.Equal("bronze.raw_facilities", e.GetProperty("job").GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_and_fails_no_run()
    {
        // Port 9 of the loopback interface: "discard", which nothing here listens on.
        using var run = await RunAsync("http://127.0.0.1:9");

        Assert.True(run.ExitCode == 0, run.Error);
        var told = Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("Lineage events do not reach http://127.0.0.1:9", told, StringComparison.Ordinal);
        Assert.Contains("8 rows new", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_scheme_is_refused()
    {
        using var run = await RunAsync("kafka://broker:9092");

        Assert.Equal(Faults.Failed, run.ExitCode);
        Assert.Contains("The setting openlineage-url is no address of a server", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Lake));
    }

    private Task<PvlakeProcess> RunAsync(string url) => PvlakeProcess.RunAsync(
        new Dictionary<string, string> { ["PVLAKE_OPENLINEAGE_URL"] = url }, Token, [.. Load, "--lake", _folder.Lake]);
}
