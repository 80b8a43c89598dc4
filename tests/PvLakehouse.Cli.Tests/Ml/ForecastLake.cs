using PvLakehouse.Cli.Tests.Ml;

[assembly: AssemblyFixture(typeof(ForecastLake))]

namespace PvLakehouse.Cli.Tests.Ml;

/// <summary>A lake as <c>pvlake demo</c> leaves it: nine weeks of two farms, a champion of the next day and its first forecasts.</summary>
public sealed class ForecastLake : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>What the demo printed.</summary>
    public string Demo { get; private set; } = "";

    /// <summary>The lake's folder.</summary>
    public string Lake => _folder.Lake;

    /// <summary>A place beside the lake.</summary>
    public string Beside(string name) => Path.Combine(_folder.Path, name);

    public async ValueTask InitializeAsync()
    {
        using var demo = await RunAsync("demo", "--facilities", "AVLSF,MERSOLAR", "--date-start", "2025-01-20", "--date-end", "2025-03-22");
        Assert.Equal("", demo.Error);
        Demo = demo.Output;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a command on the lake to its end.</summary>
    internal Task<PvlakeProcess> RunAsync(params string[] arguments) =>
        PvlakeProcess.RunAsync(TestContext.Current.CancellationToken, [.. arguments, "--lake", Lake]);

    /// <summary>Runs a command that has to succeed.</summary>
    /// <returns>What it printed.</returns>
    internal async Task<string> SucceedAsync(params string[] arguments)
    {
        using var run = await RunAsync(arguments);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Output;
    }

    /// <summary>The rows of a query, as CSV without its heading.</summary>
    internal async Task<string[]> RowsAsync(string sql) =>
        (await SucceedAsync("sql", sql, "--format", "csv")).Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
}
