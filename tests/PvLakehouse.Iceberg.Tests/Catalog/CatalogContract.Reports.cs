using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Catalog;

/// <content>What a catalog tells its reporter.</content>
public abstract partial class CatalogContract
{
    [Fact]
    public async Task The_reporter_of_the_catalog_is_told_of_commits_by_every_way_and_of_scans()
    {
        var told = new RecordingReporter();
        var catalog = await WithBronzeAsync(new CatalogOptions { Reporter = told });
        await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        Assert.Empty(told.Commits);
        var table = await catalog.LoadTableAsync(Energy, Cancel);
        var snapshot = await table.NewFastAppend().Add(await DataAsync(table, "a")).CommitAsync(Cancel);
        var report = Assert.Single(told.Commits);
        Assert.Equal((catalog.Name, Energy), (report.CatalogName, report.Table));
        Assert.Equal((snapshot.SnapshotId, 1, "append", 1), (report.SnapshotId, report.SequenceNumber, report.Operation, report.Attempts));
        Assert.Equal((1, 1, 4), (report.AddedDataFiles, report.AddedRecords, report.AddedFilesSizeInBytes));

        var other = new TableIdentifier(Bronze, "other");
        foreach (var start in new Func<Task<Iceberg.Commit.Transaction>>[]
        {
            () => catalog.NewCreateTransactionAsync(other, new() { Schema = Schema }, Cancel),
            () => catalog.NewReplaceTransactionAsync(other, new() { Schema = Schema }, orCreate: true, Cancel),
            () => catalog.NewReplaceTransactionAsync(other, new() { Schema = Schema }, cancellationToken: Cancel),
        })
        {
            told.Clear();
            await using var transaction = await start();
            await transaction.NewFastAppend().Add(await DataAsync(transaction, $"{Guid.NewGuid()}")).CommitAsync(Cancel);
            Assert.Empty(told.Commits);
            await transaction.CommitAsync(Cancel);
            Assert.Equal([other], told.Commits.Select(c => c.Table));
        }

        Assert.Empty(told.Scans);
        Assert.Equal(["a"], await FilesAsync(table));
        var scan = Assert.Single(told.Scans);
        Assert.Equal((catalog.Name, Energy, snapshot.SnapshotId), (scan.CatalogName, scan.Table, scan.SnapshotId));
        Assert.Equal((1, 4), (scan.Counters.FilesPlanned, scan.Counters.PlannedFilesSizeInBytes));
    }
}
