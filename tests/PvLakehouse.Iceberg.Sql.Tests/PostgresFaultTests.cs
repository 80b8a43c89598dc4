using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.TestServers;

namespace PvLakehouse.Iceberg.Sql.Tests;

/// <summary>Connections that break at the worst moments, and servers that end in the middle of commits.</summary>
public sealed class PostgresFaultTests(PostgresFixture postgres) : IAsyncLifetime
{
    /// <summary>As the driver sends it; BEGIN ... READ COMMITTED does not end there.</summary>
    private const string Commit = "COMMIT\0";

    private PostgresServer _server = null!;
    private PostgresLake _lake = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await postgres.ServerAsync();
        _lake = await PostgresLake.CreateAsync(_server);
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task A_commit_whose_answer_is_lost_is_found_to_have_happened()
    {
        await using var relay = new Relay(_server.Port, OnFirst(Commit, RelayAction.LoseAnswer));
        await _lake.CreateTableAsync();
        var table = await (await _lake.OpenAsync(port: relay.Port)).LoadTableAsync(PostgresLake.Energy, Cancel);

        await table.NewAppend().Add(_lake.DataFile("a")).CommitAsync(Cancel);

        await CheckAsync("a");
        Assert.Single(table.Metadata.Snapshots);
    }

    [Fact]
    public async Task A_commit_that_was_lost_on_its_way_is_not_taken_for_done_and_nothing_is_deleted()
    {
        await using var relay = new Relay(_server.Port, OnFirst(Commit, RelayAction.LoseRequest));
        await _lake.CreateTableAsync();
        var table = await (await _lake.OpenAsync(port: relay.Port)).LoadTableAsync(PostgresLake.Energy, Cancel);

        await Assert.ThrowsAsync<CommitStateUnknownException>(() => table.NewAppend().Add(_lake.DataFile("a")).CommitAsync(Cancel));

        // The list, the manifest and the metadata file of the attempt are still there: somebody may refer to them.
        Assert.Equal(4, Directory.GetFiles($"{table.Metadata.Location}/metadata").Length);
        await CheckAsync();
    }

    [Fact]
    public async Task A_connection_that_breaks_before_the_commit_is_replaced_without_a_trace()
    {
        await using var relay = new Relay(_server.Port, OnFirst("UPDATE iceberg_tables", RelayAction.LoseAnswer));
        await _lake.CreateTableAsync();
        var table = await (await _lake.OpenAsync(port: relay.Port)).LoadTableAsync(PostgresLake.Energy, Cancel);

        await table.NewAppend().Add(_lake.DataFile("a")).CommitAsync(Cancel);

        await CheckAsync("a");
        Assert.Equal(4, Directory.GetFiles($"{table.Metadata.Location}/metadata").Length);
    }

    [Fact]
    public async Task A_table_whose_creation_lost_its_answer_is_there()
    {
        var made = false;
        await using var relay = new Relay(
            _server.Port, sent => made && Text(sent).Contains(Commit, StringComparison.Ordinal) && !(made = false) ? RelayAction.LoseAnswer : RelayAction.Pass);
        var catalog = await _lake.OpenAsync(port: relay.Port);
        await catalog.CreateNamespaceAsync(PostgresLake.Energy.Namespace, cancellationToken: Cancel);
        made = true;

        var table = await catalog.CreateTableAsync(PostgresLake.Energy, new() { Schema = PostgresLake.Schema }, Cancel);

        var other = await (await _lake.OpenAsync()).LoadTableAsync(PostgresLake.Energy, Cancel);
        Assert.Equal(table.MetadataLocation, other.MetadataLocation);
    }

    [Fact]
    public async Task A_server_that_crashes_and_comes_back_loses_no_acknowledged_commit()
    {
        // A server of its own: the others' tests go on meanwhile.
        await using var server = await PostgresServer.StartAsync(Cancel);
        await using var lake = await PostgresLake.CreateAsync(server);
        await lake.CreateTableAsync(new() { ["commit.retry.num-retries"] = "100", ["commit.retry.max-wait-ms"] = "50" });
        var acknowledged = new List<string>();
        var possible = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            using var enough = new SemaphoreSlim(0);
            var writers = Enumerable.Range(0, 3).Select(writer => Task.Run(() => AppendUntilRefusedAsync(lake, $"r{round}-w{writer}", acknowledged, possible, enough), Cancel)).ToList();
            for (var i = 0; i < 8; i++)
            {
                await enough.WaitAsync(Cancel);
            }

            await server.CrashAsync();
            await Task.WhenAll(writers);
            await server.StartAgainAsync(Cancel);
        }

        var found = await FilesAsync(await (await lake.OpenAsync()).LoadTableAsync(PostgresLake.Energy, Cancel));
        Assert.Empty(acknowledged.Except(found));
        Assert.Empty(found.Except(acknowledged).Except(possible));
        Assert.Equal(found.Count, found.Distinct().Count());
        Assert.True(acknowledged.Count >= 24);
    }

    /// <summary>Appends file after file; ends when the server is gone for good.</summary>
    private static async Task AppendUntilRefusedAsync(
        PostgresLake lake, string prefix, List<string> acknowledged, List<string> possible, SemaphoreSlim enough)
    {
        var catalog = await lake.OpenAsync();
        var table = await catalog.LoadTableAsync(PostgresLake.Energy, Cancel);
        for (var i = 0; ; i++)
        {
            var file = lake.DataFile($"{prefix}-{i}");
            try
            {
                await table.NewAppend().Add(file).CommitAsync(Cancel);
                lock (acknowledged)
                {
                    acknowledged.Add(Path.GetFileName(file.FilePath));
                }

                enough.Release();
            }
            catch (IcebergException e)
            {
                if (e is CommitStateUnknownException)
                {
                    lock (possible)
                    {
                        possible.Add(Path.GetFileName(file.FilePath));
                    }
                }

                enough.Release(8);
                return;
            }
        }
    }

    private static Func<ReadOnlyMemory<byte>, RelayAction> OnFirst(string text, RelayAction action)
    {
        var left = 1;
        return sent => Text(sent).Contains(text, StringComparison.Ordinal) && Interlocked.Exchange(ref left, 0) == 1 ? action : RelayAction.Pass;
    }

    private static string Text(ReadOnlyMemory<byte> sent) => System.Text.Encoding.Latin1.GetString(sent.Span);

    /// <summary>What another process sees.</summary>
    private async Task CheckAsync(params string[] files)
    {
        var table = await (await _lake.OpenAsync()).LoadTableAsync(PostgresLake.Energy, Cancel);
        Assert.Equal(files, await FilesAsync(table));
    }

    private static async Task<List<string>> FilesAsync(Table table)
    {
        var found = new List<string>();
        await foreach (var task in table.NewScan().PlanFilesAsync(Cancel))
        {
            found.Add(Path.GetFileName(task.File.FilePath));
        }

        return found;
    }
}
