using System.Text;
using Microsoft.Data.Sqlite;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Forecasting.Tracking;

namespace PvLakehouse.Forecasting.Tests.Tracking;

/// <summary>The embedded store's file and its artifacts.</summary>
public sealed class EmbeddedFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pvlake-tracking-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Database => Path.Combine(_folder, "tracking.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("PRAGMA user_version = 2", "layout 2")]
    [InlineData("PRAGMA application_id = 0", "another program")]
    [InlineData("PRAGMA application_id = 77", "another program")]
    public async Task File_of_a_newer_program_or_of_another_is_left_alone(string sql, string part)
    {
        await (await OpenAsync()).DisposeAsync();
        await ExecuteAsync(sql);
        var before = await File.ReadAllBytesAsync(Database, Cancel);

        var refusal = await Assert.ThrowsAsync<TrackingException>(OpenAsync);

        Assert.Equal(TrackingFault.UnreadableStore, refusal.Fault);
        Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Database, Cancel));
    }

    [Fact]
    public async Task Database_of_another_program_and_a_text_are_refused()
    {
        await ExecuteAsync("CREATE TABLE experiments (experiment_id INTEGER)");
        Assert.Contains("another program", (await Assert.ThrowsAsync<TrackingException>(OpenAsync)).Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Database, new string('x', 5000), Cancel);
        Assert.Contains("no SQLite database", (await Assert.ThrowsAsync<TrackingException>(OpenAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_that_breaks_off_leaves_what_was_there()
    {
        await using var services = await OpenAsync();
        var run = await BeginAsync(services);
        await UploadAsync(services, run, "model/MLmodel", "whole");

        await Assert.ThrowsAsync<TrackingException>(
            () => services.Tracking.UploadArtifactAsync(run, "model/MLmodel", new BreakingStream(), Cancel));
        await Assert.ThrowsAsync<TrackingException>(
            () => services.Tracking.UploadArtifactAsync(run, "model/other", new BreakingStream(), Cancel));

        Assert.Equal([new("model/MLmodel", false, 5)], await services.Tracking.ListArtifactsAsync(run, "model", Cancel));
        Assert.Equal("whole", await ReadAsync(services, run, "model/MLmodel"));
        await UploadAsync(services, run, "model/other", "then");
        Assert.Equal("then", await ReadAsync(services, run, "model/other"));
    }

    [Fact]
    public async Task Files_of_a_version_do_not_change()
    {
        await using var services = await OpenAsync();
        var run = await BeginAsync(services);
        await UploadAsync(services, run, "model/MLmodel", "one");
        await ModelRegistration.RegisterAsync(services.Registry, new NewModelVersion { Name = "m", RunId = run }, Cancel);

        await UploadAsync(services, run, "model/MLmodel", "one");
        await UploadAsync(services, run, "model2/MLmodel", "another folder");
        var changed = await Assert.ThrowsAsync<TrackingException>(() => UploadAsync(services, run, "model/MLmodel", "two"));
        var added = await Assert.ThrowsAsync<TrackingException>(() => UploadAsync(services, run, "model/more", "more"));

        Assert.Equal((TrackingFault.InvalidState, TrackingFault.InvalidState), (changed.Fault, added.Fault));
        Assert.Contains("m 1", changed.Message, StringComparison.Ordinal);
        Assert.Equal("one", await ReadAsync(services, run, "model/MLmodel"));
        Assert.Equal(
            ["artifacts/model/MLmodel", "artifacts/model2/MLmodel"],
            Directory.EnumerateFiles(Path.Combine(_folder, "warehouse/ml/1", run), "*", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(Path.Combine(_folder, "warehouse/ml/1", run), f)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Model_folder_lies_in_the_warehouse_as_python_wants_it_and_moves_with_the_lake()
    {
        string run;
        await using (var services = await OpenAsync())
        {
            run = await BeginAsync(services);
            await UploadAsync(services, run, "model/MLmodel", "one");
            await ModelRegistration.RegisterAsync(services.Registry, new NewModelVersion { Name = "m", RunId = run }, Cancel);
        }

        Assert.Equal("one", await File.ReadAllTextAsync(Path.Combine(_folder, "warehouse/ml/1", run, "artifacts/model/MLmodel"), Cancel));
        var moved = Directory.CreateTempSubdirectory("pvlake-tracking-").FullName;
        File.Move(Database, Path.Combine(moved, "tracking.db"));
        Directory.Move(Path.Combine(_folder, "warehouse"), Path.Combine(moved, "warehouse"));
        await using (var services = await TrackingServices.OpenAsync(
            TrackingAddress.Embedded, TrackingBench.OptionsOf(moved), null, Cancel))
        {
            Assert.Equal("one", await ReadAsync(services, run, "model/MLmodel"));
            Assert.Equal($"{moved}/warehouse/ml/1/{run}/artifacts/model", await services.Registry.GetDownloadUriAsync("m", 1, Cancel));
        }

        Directory.Delete(moved, recursive: true);
    }

    [Fact]
    public async Task Writers_side_by_side_lose_nothing()
    {
        await using var first = await OpenAsync();
        await using var second = await OpenAsync();
        var run = await BeginAsync(first);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(w => Task.Run(
            async () =>
            {
                for (var step = 0; step < 10; step++)
                {
                    await (w % 2 == 0 ? first : second).Tracking.LogBatchAsync(
                        run, new RunBatch { Metrics = [new($"m{w}", step, DateTimeOffset.UnixEpoch, step)] }, Cancel);
                }
            },
            Cancel)));

        var data = (await first.Tracking.GetRunAsync(run, Cancel)).Data;
        Assert.Equal(["m0", "m1", "m2", "m3"], data.Metrics.Keys.Order(StringComparer.Ordinal));
        Assert.All(data.Metrics.Values, m => Assert.Equal(9, m.Value));
    }

    [Fact]
    public async Task Token_serves_only_the_search_that_gave_it()
    {
        await using var services = await OpenAsync();
        foreach (var name in new[] { "a", "b" })
        {
            await services.Tracking.CreateExperimentAsync(name, null, null, Cancel);
        }

        var query = new SearchQuery { MaxResults = 1 };
        var token = (await services.Tracking.SearchExperimentsAsync(query, Cancel)).NextPageToken;

        SearchQuery[] wrong =
            [query with { PageToken = token, Filter = "name = 'a'" }, query with { PageToken = "none" }, query with { MaxResults = 0 }];
        foreach (var other in wrong)
        {
            Assert.Equal(
                TrackingFault.InvalidParameterValue,
                (await Assert.ThrowsAsync<TrackingException>(() => services.Tracking.SearchExperimentsAsync(other, Cancel))).Fault);
        }
    }

    private static async Task<string> BeginAsync(TrackingServices services) => (await services.Tracking.CreateRunAsync(
        new NewRun { ExperimentId = await services.Tracking.CreateExperimentAsync("e", null, null, Cancel) }, Cancel)).Info.RunId;

    private static async Task UploadAsync(TrackingServices services, string run, string path, string text)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await services.Tracking.UploadArtifactAsync(run, path, content, Cancel);
    }

    private static async Task<string> ReadAsync(TrackingServices services, string run, string path)
    {
        using var reader = new StreamReader(await services.Tracking.OpenArtifactAsync(run, path, Cancel));
        return await reader.ReadToEndAsync(Cancel);
    }

    private Task<TrackingServices> OpenAsync() =>
        TrackingServices.OpenAsync(TrackingAddress.Embedded, TrackingBench.OptionsOf(_folder), null, Cancel);

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        await connection.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancel);
    }

    /// <summary>Gives some bytes and then fails, as a disk or a network does.</summary>
    private sealed class BreakingStream : MemoryStream
    {
        private bool _began;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_began)
            {
                throw new IOException("The disk is gone.");
            }

            _began = true;
            buffer.Span[..10].Fill(1);
            return ValueTask.FromResult(10);
        }
    }
}
