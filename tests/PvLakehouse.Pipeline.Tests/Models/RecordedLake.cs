using Microsoft.Extensions.DependencyInjection;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Sandbox;
using PvLakehouse.Sandbox.Replay;

namespace PvLakehouse.Pipeline.Tests.Models;

/// <summary>A lake with what the real APIs returned for nine farms in October and November 2025, replayed from the API to gold once for
/// all tests that read it.</summary>
public sealed class RecordedLake : IAsyncLifetime
{
    private readonly TestLake _lake = new();
    private readonly string _archive = Path.Combine(Path.GetTempPath(), $"pvlake-archive-{Guid.CreateVersion7():N}");
    private bool _isOpen;

    /// <summary>The lake; the calling test is skipped when the recordings are not here.</summary>
    internal TestLake Lake
    {
        get
        {
            RecordedFiles.Require();
            return _lake;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (RecordedFiles.Folder is not { } recorded)
        {
            return;
        }

        var token = TestContext.Current.CancellationToken;
        await _lake.InitializeAsync();
        _isOpen = true;
        await using var sandbox = await SandboxServer.StartAsync(new(ReplayData.Load(recorded)), token);
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSources(SourceOptions.Sandbox(sandbox.BaseAddress), new FolderBodyArchive(_archive))
            .BuildServiceProvider();
        var pipeline = new LakePipeline(
            _lake.Lake, services.GetRequiredService<OpenElectricityClient>(), services.GetRequiredService<OpenMeteoClient>());
        var request = new IngestRequest
        {
            Mode = IngestMode.Backfill,
            Facilities = RecordedFiles.Farms,
            Window = new DayRange(RecordedFiles.First, RecordedFiles.Last),
        };
        await pipeline.RunAsync(request, (_, stage) => stage(), token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isOpen)
        {
            await _lake.DisposeAsync();
        }

        if (Directory.Exists(_archive))
        {
            Directory.Delete(_archive, recursive: true);
        }
    }
}
