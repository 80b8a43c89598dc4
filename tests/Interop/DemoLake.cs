namespace PvLakehouse.Interop;

/// <summary>A small lake that the command line made: five weeks of three farms, across the end of daylight saving, with forecasts of weather and energy.</summary>
public sealed class DemoLake : IAsyncLifetime
{
    /// <summary>The lake's folder.</summary>
    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"pvlake-interop-{Guid.CreateVersion7():N}");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await Pvlake.RunAsync(
            TestContext.Current.CancellationToken,
            ["demo", "--lake", Folder, "--facilities", "AVLSF,EMERASF,YATSF1", "--date-start", "2025-03-05", "--date-end", "2025-04-08"]);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
