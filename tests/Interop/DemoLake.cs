namespace PvLakehouse.Interop;

/// <summary>A small lake that the command line made: twelve days of three farms, across the end of daylight saving, and how their weather was forecast.</summary>
public sealed class DemoLake : IAsyncLifetime
{
    /// <summary>The lake's folder.</summary>
    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"pvlake-interop-{Guid.CreateVersion7():N}");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        string[] window = ["--lake", Folder, "--facilities", "AVLSF,EMERASF,YATSF1", "--date-start", "2025-03-28", "--date-end", "2025-04-08"];
        await Pvlake.RunAsync(TestContext.Current.CancellationToken, ["demo", .. window]);
        await Pvlake.RunAsync(TestContext.Current.CancellationToken, ["run", "--mode", "backfill", "--forecasts", .. window]);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
