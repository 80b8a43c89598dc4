using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Commit;

public sealed class CherryPickTests
{
    [Fact]
    public async Task What_was_done_again_on_main_is_not_done_once_more()
    {
        // Staged without an id of its own, so that only the snapshot that did it again tells of it.
        var table = await Entries.MonthsAsync(io: null, 1);
        var staged = await table.NewFastAppend().Add(TestTable.Month(2025, 2)).StageOnly()
            .CommitAsync(TestTable.Cancel);
        await table.NewFastAppend().Add(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel);
        await table.ManageSnapshots().Cherrypick(staged.SnapshotId).CommitAsync(TestTable.Cancel);
        await table.NewFastAppend().Add(TestTable.Month(2025, 4)).CommitAsync(TestTable.Cancel);

        var failure = await Assert.ThrowsAsync<CommitConflictException>(() =>
            table.ManageSnapshots().Cherrypick(staged.SnapshotId).CommitAsync(TestTable.Cancel));

        Assert.Contains("did that already", failure.Message, StringComparison.Ordinal);
        Assert.Equal(
            ["2025-01-0", "2025-02-0", "2025-03-0", "2025-04-0"],
            await Entries.LiveAsync(await Entries.ReloadAsync(table)));
    }

    [Fact]
    public async Task A_snapshot_that_others_picked_meanwhile_is_not_picked_again()
    {
        var table = await Entries.MonthsAsync(io: null, 1);
        var staged = await table.NewFastAppend().Add(TestTable.Month(2025, 2)).StageOnly()
            .CommitAsync(TestTable.Cancel);
        await table.NewFastAppend().Add(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel);
        var other = await Entries.ReloadAsync(table);
        await other.ManageSnapshots().Cherrypick(staged.SnapshotId).CommitAsync(TestTable.Cancel);

        await Assert.ThrowsAsync<CommitConflictException>(() =>
            table.ManageSnapshots().Cherrypick(staged.SnapshotId).CommitAsync(TestTable.Cancel));

        Assert.Equal(
            ["2025-01-0", "2025-02-0", "2025-03-0"], await Entries.LiveAsync(await Entries.ReloadAsync(table)));
    }
}
