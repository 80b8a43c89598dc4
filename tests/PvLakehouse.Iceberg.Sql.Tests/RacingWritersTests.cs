using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Manifests;

namespace PvLakehouse.Iceberg.Sql.Tests;

public sealed class RacingWritersTests : IDisposable
{
    private readonly SqliteLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Everything_that_racing_writers_were_told_is_committed_is_there_once()
    {
        const int writers = 4;
        const int commits = 12;
        var table = await _lake.CreateAsync(new()
        {
            ["commit.retry.num-retries"] = "200", ["commit.retry.min-wait-ms"] = "1", ["commit.retry.max-wait-ms"] = "20",
            ["commit.manifest.min-count-to-merge"] = "5",
        });

        // Each writer has a catalog of its own, as another process would, and a table object that is always behind.
        var told = await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var mine = await (await _lake.OpenAsync()).LoadTableAsync(SqliteLake.Energy, Cancel);
            var files = new List<DataFile>();
            for (var i = 0; i < commits; i++)
            {
                var file = _lake.DataFile($"w{writer}-{i}");
                if (i % 3 == 2)
                {
                    // Every third commit replaces the writer's last file, which only this writer touches.
                    await mine.NewOverwrite().Remove(files[^1]).Add(file)
                        .ValidateFrom(mine.CurrentSnapshot!.SnapshotId, IsolationLevel.Snapshot).CommitAsync(Cancel);
                    files[^1] = file;
                }
                else
                {
                    await mine.NewAppend().Add(file).CommitAsync(Cancel);
                    files.Add(file);
                }
            }

            return files.Select(f => f.FilePath).ToList();
        }, Cancel)));

        await table.RefreshAsync(Cancel);
        var found = new List<string>();
        await foreach (var task in table.NewScan().PlanFilesAsync(Cancel))
        {
            found.Add(task.File.FilePath);
        }

        Assert.Equal(told.SelectMany(f => f).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        Assert.Equal(writers * commits, table.Metadata.Snapshots.Count);
        Assert.Equal(Enumerable.Range(1, writers * commits).Select(n => (long)n), table.Metadata.Snapshots.Select(s => s.SequenceNumber));
        Assert.Equal($"{found.Count}", table.CurrentSnapshot!.Summary["total-records"]);
        Assert.Equal(table.Metadata.Snapshots.Count, table.Metadata.Ancestors(table.CurrentSnapshot.SnapshotId).Count());
        await CheckFilesAsync(table);
    }

    [Fact]
    public async Task Of_racing_creations_one_wins_and_the_others_are_told()
    {
        await (await _lake.OpenAsync()).CreateNamespaceAsync(SqliteLake.Energy.Namespace, cancellationToken: Cancel);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            try
            {
                await (await _lake.OpenAsync()).CreateTableAsync(SqliteLake.Energy, new() { Schema = SqliteLake.Schema }, Cancel);
                return 1;
            }
            catch (AlreadyExistsException)
            {
                return 0;
            }
        }, Cancel)));
        Assert.Equal(1, outcomes.Sum());
        Assert.Single(Directory.GetFiles($"{_lake.Warehouse}/silver/energy/metadata"));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Every file of every snapshot is there, and nothing else is left of the retries but metadata that is referred to.</summary>
    private static async Task CheckFilesAsync(Iceberg.Catalog.Table table)
    {
        var needed = new HashSet<string>(table.Metadata.MetadataLog.Select(e => e.MetadataFile)) { table.MetadataLocation };
        foreach (var snapshot in table.Metadata.Snapshots)
        {
            needed.Add(snapshot.ManifestList!);
            foreach (var manifest in await ManifestListReader.ReadAsync(table.Io, table.Metadata, snapshot, Cancel))
            {
                needed.Add(manifest.Path);
            }
        }

        Assert.Equal(needed.Order(StringComparer.Ordinal), Directory.GetFiles($"{table.Metadata.Location}/metadata").Order(StringComparer.Ordinal));
    }
}
