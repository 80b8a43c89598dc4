using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Commit;

/// <summary>Rows deleted by delete files, and what other operations make of them.</summary>
public sealed class RowDeltaTests
{
    private static readonly DateTimeOffset February = new(2025, 2, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string January = TestTable.Month(2025, 1).FilePath;

    [Fact]
    public async Task Deletes_are_counted_in_the_summary_and_lie_in_manifests_of_their_own()
    {
        var table = await Entries.MonthsAsync(null, 1, 2);
        var first = await table.NewRowDelta()
            .AddRows(TestTable.Month(2025, 1, 1, records: 5)).AddDeletes(Entries.Positions(1, "p1")).AddDeletes(Entries.Keys(2, "k2"))
            .CommitAsync(TestTable.Cancel);
        Assert.Equal("overwrite", first.Operation);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["operation"] = "overwrite", ["added-data-files"] = "1", ["added-records"] = "5", ["added-delete-files"] = "2",
                ["added-position-delete-files"] = "1", ["added-position-deletes"] = "2", ["added-equality-delete-files"] = "1",
                ["added-equality-deletes"] = "3", ["added-files-size"] = "64", ["changed-partition-count"] = "2", ["total-records"] = "205",
                ["total-data-files"] = "3", ["total-delete-files"] = "2", ["total-position-deletes"] = "2", ["total-equality-deletes"] = "3",
                ["total-files-size"] = "2064", ["manifests-created"] = "2", ["manifests-kept"] = "1", ["manifests-replaced"] = "0",
            },
            first.Summary);
        Assert.Equal(
            [(ManifestContent.Data, 1), (ManifestContent.Data, 2), (ManifestContent.Deletes, 2)],
            (await Entries.ManifestsAsync(table)).Select(m => (m.Content, m.AddedFilesCount!.Value)));

        var second = await table.NewRowDelta().RemoveDeletes(Entries.Positions(1, "p1")).AddDeletes(Entries.Positions(1, "p3", rows: 9)).CommitAsync(TestTable.Cancel);
        Assert.Equal(
            ("delete", "1", "2", "9", "2"),
            (second.Operation, second.Summary["removed-position-delete-files"], second.Summary["removed-position-deletes"],
             second.Summary["total-position-deletes"], second.Summary["total-delete-files"]));
        Assert.Equal(["2025-01-0", "2025-01-1", "2025-02-0", "k2", "p3"], await Entries.LiveAsync(table));
        Assert.Equal("append", (await table.NewRowDelta().AddRows(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel)).Operation);
    }

    [Fact]
    public async Task Partitions_get_a_line_each_when_the_table_asks_for_it()
    {
        var table = await TestTable.CreateAsync(properties: new() { ["write.summary.partition-limit"] = "2" });
        var two = await table.NewAppend().AddRange([TestTable.Month(2025, 1), TestTable.Month(2025, 2, records: 7)]).CommitAsync(TestTable.Cancel);
        Assert.Equal(
            ("true", "added-files-size=1000,added-data-files=1,added-records=100", "added-files-size=70,added-data-files=1,added-records=7"),
            (two.Summary["partition-summaries-included"], two.Summary["partitions.date_hour_month=2025-01"], two.Summary["partitions.date_hour_month=2025-02"]));
        var three = await table.NewAppend().AddRange([TestTable.Month(2025, 1, 1), TestTable.Month(2025, 2, 1), TestTable.Month(2025, 3)]).CommitAsync(TestTable.Cancel);
        Assert.DoesNotContain(three.Summary.Keys, k => k.StartsWith("partition", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_that_the_table_cannot_hold_are_refused()
    {
        var table = await Entries.MonthsAsync(null, 1);
        Assert.Throws<ArgumentException>(() => table.NewRowDelta().AddRows(Entries.Positions(1, "p")));
        Assert.Throws<ArgumentException>(() => table.NewRowDelta().AddDeletes(TestTable.Month(2025, 1, 1)));
        Assert.Throws<ArgumentException>(() => table.NewRowDelta().AddDeletes(Entries.Keys(1, "k") with { EqualityIds = [] }));
        Assert.Throws<ArgumentException>(() => table.NewRowDelta().AddDeletes(Entries.Keys(1, "k") with { EqualityIds = [99] }));
        Assert.Throws<NotSupportedException>(() => table.NewRowDelta().AddDeletes(Entries.Positions(1, "p") with { Format = FileFormat.Puffin }));
    }

    public enum Meanwhile
    {
        Append,
        AppendElsewhere,
        DeleteKeys,
        DeleteKeysElsewhere,
        DeletePositions,
        DeletePositionsOfOther,
        RemoveFile,
        ReplaceFile,
        RewriteFile,
    }

    /// <summary>What may happen to January of 2025 while somebody works on it, and which checks find it.</summary>
    [Theory]
    [InlineData(Meanwhile.Append, false, false, true, false, false)]
    [InlineData(Meanwhile.AppendElsewhere, false, false, false, false, false)]
    [InlineData(Meanwhile.DeleteKeys, false, false, false, true, true)]
    [InlineData(Meanwhile.DeleteKeysElsewhere, false, false, false, false, false)]
    [InlineData(Meanwhile.DeletePositions, false, false, false, true, true)]
    [InlineData(Meanwhile.DeletePositionsOfOther, false, false, false, true, false)]
    [InlineData(Meanwhile.RemoveFile, false, true, false, false, true)]
    [InlineData(Meanwhile.ReplaceFile, true, true, true, false, true)]
    [InlineData(Meanwhile.RewriteFile, true, true, false, false, true)]
    public async Task Each_validation_finds_what_it_is_for(
        Meanwhile meanwhile, bool filesExist, bool filesExistAfterDeletes, bool noNewData, bool noNewDeletes, bool copyOnWrite)
    {
        Assert.Equal(filesExist, await ConflictsAsync(meanwhile, d => d.ValidateDataFilesExist([January])));
        Assert.Equal(filesExistAfterDeletes, await ConflictsAsync(meanwhile, d => d.ValidateDataFilesExist([January]).ValidateDeletedFiles()));
        Assert.Equal(noNewData, await ConflictsAsync(meanwhile, d => d.ValidateNoConflictingDataFiles()));
        Assert.Equal(noNewDeletes, await ConflictsAsync(meanwhile, d => d.ValidateNoConflictingDeleteFiles()));

        // Replacing the file under snapshot isolation.
        var (table, start) = await AfterAsync(meanwhile);
        var overwrite = table.NewOverwrite().Remove(TestTable.Month(2025, 1)).Add(TestTable.Month(2025, 1, 9))
            .ValidateFrom(start, IsolationLevel.Snapshot);
        Assert.Equal(copyOnWrite, await FailsAsync(() => overwrite.CommitAsync(TestTable.Cancel)));
    }

    [Fact]
    public async Task Deletes_by_position_reach_only_the_files_between_their_bounds()
    {
        foreach (var (path, conflict) in new[] { (January, true), (January + "x", false), ("mem:/", false) })
        {
            var table = await Entries.MonthsAsync(null, 1, 2);
            var start = table.CurrentSnapshot!.SnapshotId;
            var bound = (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes(path);
            var deletes = Entries.Positions(1, "p") with
            {
                // 2147483546 is the reserved id of the column file_path.
                Metrics = new() { LowerBounds = TestTable.Map(2147483546, bound), UpperBounds = TestTable.Map(2147483546, bound) },
            };
            await (await Entries.ReloadAsync(table)).NewRowDelta().AddDeletes(deletes).CommitAsync(TestTable.Cancel);
            Assert.Equal(conflict, await FailsAsync(() => table.NewOverwrite().Remove(TestTable.Month(2025, 1))
                .ValidateFrom(start, IsolationLevel.Snapshot).CommitAsync(TestTable.Cancel)));
        }
    }

    [Fact]
    public async Task Keys_deleted_without_a_partition_reach_every_file()
    {
        var table = await TestTable.CreateAsync(spec: PartitionSpec.Unpartitioned);
        await table.UpdateSpec().AddField("date_hour", Transform.Month).CommitAsync(TestTable.Cancel);
        var file = TestTable.Month(2025, 1) with { SpecId = 1 };
        await table.NewAppend().Add(file).CommitAsync(TestTable.Cancel);
        var start = table.CurrentSnapshot!.SnapshotId;
        var everywhere = Entries.Keys(1, "k") with { SpecId = 0, Partition = PartitionValues.None };
        await (await Entries.ReloadAsync(table)).NewRowDelta().AddDeletes(everywhere).CommitAsync(TestTable.Cancel);
        Assert.True(await FailsAsync(() => table.NewOverwrite().Remove(file)
            .ValidateFrom(start, IsolationLevel.Snapshot).CommitAsync(TestTable.Cancel)));
    }

    private static async Task<bool> ConflictsAsync(Meanwhile meanwhile, Func<RowDelta, RowDelta> validate)
    {
        var (table, start) = await AfterAsync(meanwhile);
        var delta = table.NewRowDelta().AddDeletes(Entries.Positions(1, "new", January))
            .ValidateFromSnapshot(start).ConflictDetectionFilter(Expression.LessThan("date_hour", February));
        return await FailsAsync(() => validate(delta).CommitAsync(TestTable.Cancel));
    }

    private static async Task<bool> FailsAsync(Func<Task> commit)
    {
        try
        {
            await commit();
            return false;
        }
        catch (CommitConflictException)
        {
            return true;
        }
    }

    /// <summary>A table as somebody still sees it, after somebody else changed it.</summary>
    private static async Task<(Table Table, long Start)> AfterAsync(Meanwhile meanwhile)
    {
        var table = await Entries.MonthsAsync(null, 1, 2);
        var other = await Entries.ReloadAsync(table);
        var done = meanwhile switch
        {
            Meanwhile.Append => other.NewAppend().Add(TestTable.Month(2025, 1, 1)).CommitAsync(TestTable.Cancel),
            Meanwhile.AppendElsewhere => other.NewAppend().Add(TestTable.Month(2025, 2, 1)).CommitAsync(TestTable.Cancel),
            Meanwhile.DeleteKeys => other.NewRowDelta().AddDeletes(Entries.Keys(1, "k")).CommitAsync(TestTable.Cancel),
            Meanwhile.DeleteKeysElsewhere => other.NewRowDelta().AddDeletes(Entries.Keys(2, "k")).CommitAsync(TestTable.Cancel),
            Meanwhile.DeletePositions => other.NewRowDelta().AddDeletes(Entries.Positions(1, "p", January)).CommitAsync(TestTable.Cancel),
            Meanwhile.DeletePositionsOfOther => other.NewRowDelta().AddDeletes(Entries.Positions(1, "p", "mem:/other")).CommitAsync(TestTable.Cancel),
            Meanwhile.RemoveFile => other.NewDelete().Delete(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel),
            Meanwhile.ReplaceFile => other.NewOverwrite().Remove(TestTable.Month(2025, 1)).Add(TestTable.Month(2025, 1, 1)).CommitAsync(TestTable.Cancel),
            _ => other.NewRewrite().Remove(TestTable.Month(2025, 1)).Add(TestTable.Month(2025, 1, 1)).CommitAsync(TestTable.Cancel),
        };
        await done;
        return (table, table.CurrentSnapshot!.SnapshotId);
    }
}
