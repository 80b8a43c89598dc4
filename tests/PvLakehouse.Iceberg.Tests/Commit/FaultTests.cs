using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Commit;

/// <summary>Storage fails at each single step of a commit; the table must always be whole, before or after the commit.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_failure_at_any_step_leaves_the_table_whole_and_the_next_commit_succeeds(bool after, bool killed)
    {
        var outcomes = new List<(bool Committed, string Step)>();
        for (var step = 0; ; step++)
        {
            var memory = new InMemoryFileIO();
            var io = new FaultyFileIO(memory) { After = after, StayDead = killed };
            var table = await TestTable.CreateAsync(io, context: new CommitContext(new InstantTime(), new IdSource(step + 1)));
            await table.NewAppend().AddRange([TestTable.Month(2025, 1), TestTable.Month(2025, 2)]).CommitAsync(TestTable.Cancel);
            var other = await table.Catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel);
            await other.NewAppend().Add(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel);
            var before = memory.Locations;

            // The table object is one commit behind, so that the commit below is tried twice.
            io.Restart(step);
            var committed = true;
            try
            {
                await table.NewOverwrite()
                    .Remove(TestTable.Month(2025, 1)).Add(TestTable.Month(2025, 1, 1))
                    .CommitAsync(TestTable.Cancel);
            }
            catch (IOException)
            {
                committed = false;
            }

            if (!io.Triggered)
            {
                break;
            }

            outcomes.Add((committed, io.FailedStep!));
            io.Restart(-1);
            await CheckWholeAsync(table.Catalog, memory, committed ? "2025-01-1" : "2025-01-0");
            if (!committed && !after && !killed)
            {
                Assert.Equal(before, memory.Locations);
            }

            var next = await table.Catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel);
            await next.NewAppend().Add(TestTable.Month(2025, 4)).CommitAsync(TestTable.Cancel);
            await CheckWholeAsync(table.Catalog, memory, committed ? "2025-01-1" : "2025-01-0", "2025-04-0");
        }

        // Every kind of step was hit; only the clean-up after the commit may fail unnoticed.
        Assert.Equal(["complete", "create", "delete", "persist", "read"], outcomes.Select(o => o.Step.Split(' ')[1]).Distinct().Order(StringComparer.Ordinal));
        Assert.All(outcomes, o => Assert.True(!o.Committed || o.Step.EndsWith("delete", StringComparison.Ordinal), o.ToString()));
        Assert.Contains(outcomes, o => o.Committed);
    }

    /// <summary>Reads everything that the table refers to, without any cache, and compares with what must be there.</summary>
    private static async Task CheckWholeAsync(ICatalog catalog, InMemoryFileIO io, params string[] changed)
    {
        var location = (await catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel)).MetadataLocation;
        var metadata = await new MetadataStore(io, CommitContext.System).ReadAsync(location, TestTable.Cancel);
        foreach (var snapshot in metadata.Snapshots)
        {
            foreach (var manifest in await ManifestListReader.ReadAsync(io, metadata, snapshot, TestTable.Cancel))
            {
                await foreach (var entry in new ManifestReader(io, metadata).ReadAsync(manifest, TestTable.Cancel))
                {
                    Assert.True(entry.SequenceNumber <= snapshot.SequenceNumber, entry.ToString());
                }
            }
        }

        var table = new Table(catalog, TestTable.Name, io, new TableState(metadata, location), CommitContext.System);
        Assert.Equal([.. changed.Concat(["2025-02-0", "2025-03-0"]).Order(StringComparer.Ordinal)], await TestTable.FilesAsync(table.NewScan()));
        Assert.Equal($"{100 * (changed.Length + 2)}", metadata.CurrentSnapshot!.Summary[SummaryKeys.TotalRecords]);
    }
}
