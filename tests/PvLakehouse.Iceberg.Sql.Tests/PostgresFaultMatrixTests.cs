using System.Collections.Concurrent;
using System.Text;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.TestServers;

namespace PvLakehouse.Iceberg.Sql.Tests;

/// <summary>
/// Commits to two tables with a fault at each message that the client sends to the server: lost on its way, its answer
/// lost, and neither told to the client or only by breaking the connection.
/// </summary>
public sealed class PostgresFaultMatrixTests(PostgresFixture postgres) : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private PostgresLake _lake = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await postgres.ServerAsync();
        _lake = await PostgresLake.CreateAsync(_server);
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Theory]
    [InlineData(RelayAction.LoseRequest, false)]
    [InlineData(RelayAction.LoseAnswer, false)]
    [InlineData(RelayAction.Hold, false)]
    [InlineData(RelayAction.Hold, true)]
    [InlineData(RelayAction.HoldAnswer, false)]
    [InlineData(RelayAction.HoldAnswer, true)]
    public async Task Two_tables_move_together_whatever_message_is_lost(RelayAction action, bool cancelled)
    {
        var matrix = new SqlFaultMatrix(io => _lake.OpenAsync(io: io), _lake.DataFile);
        await matrix.PrepareAsync();
        var (round, committed, unknown, points) = (0, 0, 0, 0);
        for (var at = 1; ; at++, round++)
        {
            var seen = int.MinValue;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            RelayAction Decide(ReadOnlyMemory<byte> sent)
            {
                if (Interlocked.Increment(ref seen) != at)
                {
                    return RelayAction.Pass;
                }

                if (cancelled)
                {
                    patience.Cancel();
                }

                return action;
            }

            await using var relay = new Relay(_server.Port, Decide);
            await using var client = await _lake.OpenAsync(port: relay.Port, patience: 1);
            List<string> stored = [];
            var failure = await matrix.CommitAsync(
                client,
                round,
                () =>
                {
                    stored = Stored();
                    Interlocked.Exchange(ref seen, 0);
                },
                patience.Token);
            var triggered = Volatile.Read(ref seen) >= at;
            Interlocked.Exchange(ref seen, int.MinValue);

            var number = await matrix.ReadAsync();
            switch (failure)
            {
                case null:
                    Assert.Equal(round + 1, number);
                    break;
                case CommitStateUnknownException:
                    // Whatever became of it, nothing was deleted: two metadata files, lists and manifests each.
                    Assert.True(number == committed || number == round + 1, $"{number} after {committed}");
                    Assert.True(Stored().Count >= stored.Count + 8, $"{Stored().Count} files after {stored.Count}");
                    unknown++;
                    break;
                default:
                    Assert.Equal(committed, number);
                    Assert.Equal(stored, Stored());
                    break;
            }

            Assert.Empty(stored.Except(Stored()));
            committed = number;
            if (!triggered)
            {
                Assert.Null(failure);
                break;
            }

            points++;
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{points} faults, {unknown} of which left the outcome open");
        Assert.True(points >= 5, $"{points} points");
    }

    [Fact]
    public async Task Rows_are_locked_in_one_order_whatever_the_order_of_the_tables()
    {
        // Two commits that lock the same rows in different orders would wait for each other.
        string[] names = ["zebrafish", "aardvark", "mongoose"];
        var sent = new ConcurrentQueue<string>();
        RelayAction Remember(ReadOnlyMemory<byte> bytes)
        {
            sent.Enqueue(Encoding.Latin1.GetString(bytes.Span));
            return RelayAction.Pass;
        }

        await using var relay = new Relay(_server.Port, Remember);
        await using var client = await _lake.OpenAsync(port: relay.Port);
        var silver = new Namespace("silver");
        await client.CreateNamespaceAsync(silver, cancellationToken: Cancel);
        foreach (var name in names)
        {
            await client.CreateTableAsync(
                new TableIdentifier(silver, name), new() { Schema = PostgresLake.Schema }, Cancel);
        }

        sent.Clear();
        var set = new TableUpdate.SetProperties(new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "1" });
        Assert.IsType<TablesCommitOutcome.Committed>(await client.CommitTablesAsync(
            [.. names.Select(name => new TableCommit(new TableIdentifier(silver, name), [], [set]))], Cancel));

        var updated = sent.Where(text => text.Contains("UPDATE iceberg_tables", StringComparison.Ordinal))
            .Select(text => names.Single(name => text.Contains(name, StringComparison.Ordinal)));
        Assert.Equal(["aardvark", "mongoose", "zebrafish"], updated);
    }

    private List<string> Stored() =>
        [.. Directory.GetFiles(_lake.Warehouse, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
