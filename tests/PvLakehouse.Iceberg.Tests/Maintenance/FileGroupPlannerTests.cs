using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Maintenance;

/// <summary>
/// Which files are rewritten together. The target is 1000 bytes, so files below 750 (75 %) and above 1800 (180 %) are
/// unfit.
/// </summary>
public sealed class FileGroupPlannerTests
{
    private static readonly RewriteDataFilesOptions Options = new() { TargetFileSizeBytes = 1000 };

    [Theory]
    [InlineData("100 100 100 100 100", "100+100+100+100+100")]
    [InlineData("100 100 100 100", "")]
    [InlineData("749 749", "749+749")]
    [InlineData("499 500", "")]
    [InlineData("500 500", "")]
    [InlineData("500 501", "500+501")]
    [InlineData("750 750 1800 1800", "")]
    [InlineData("1801", "1801")]
    [InlineData("100 750 1800 1801", "100+1801")]
    public async Task Small_files_are_joined_when_they_are_enough_or_fill_a_file_and_large_ones_are_cut(
        string sizes, string expected)
    {
        var table = await TableAsync(sizes);

        Assert.Equal(expected, Text(await table.RewriteDataFiles(Options).PlanAsync(TestTable.Cancel)));
    }

    [Theory]
    [InlineData(250, "100+100 100+100")]
    [InlineData(200, "100+100 100+100")]
    [InlineData(199, "")]
    [InlineData(100, "")]
    public async Task Groups_are_filled_up_to_their_largest_size_in_the_order_of_the_files(long most, string expected)
    {
        var table = await TableAsync("100 100 100 100 100");

        // 250 bytes hold two files; the fifth is alone and not worth it. 100 bytes hold one each.
        var options = Options with { MaxFileGroupSizeBytes = most, MinInputFiles = 2 };
        Assert.Equal(expected, Text(await table.RewriteDataFiles(options).PlanAsync(TestTable.Cancel)));
    }

    [Theory]
    [InlineData(2, 1, false)]
    [InlineData(3, 1, true)]
    [InlineData(10, 1, true)]
    [InlineData(1, 2, true)]
    public async Task A_file_of_fit_size_is_rewritten_when_enough_of_it_is_deleted(long rows, int deletes, bool expected)
    {
        // The file has 10 rows, so 3 deleted ones are 30 %, which is enough; so are two delete files.
        var table = await TableAsync("1000");
        for (var i = 0; i < deletes; i++)
        {
            var delete = TestTable.File($"d{i}", rows) with
            {
                Content = FileContent.PositionDeletes,
                ReferencedDataFile = TestTable.File("0").FilePath,
            };
            await table.NewRowDelta().AddDeletes(delete).CommitAsync(TestTable.Cancel);
        }

        var plan = await table.RewriteDataFiles(Options with { DeleteFileThreshold = 2 }).PlanAsync(TestTable.Cancel);
        Assert.Equal(expected ? "1000" : "", Text(plan));
    }

    [Fact]
    public async Task Everything_is_rewritten_when_asked_for()
    {
        var table = await TableAsync("1000 1000 100");

        Assert.Equal("100+1000+1000",
            Text(await table.RewriteDataFiles(Options with { RewriteAll = true }).PlanAsync(TestTable.Cancel)));
    }

    [Fact]
    public async Task Partitions_are_not_mixed_unless_their_files_are_of_another_spec()
    {
        var table = await TestTable.CreateAsync();
        await table.NewAppend()
            .AddRange([TestTable.Month(2025, 1), TestTable.Month(2025, 1, 1), TestTable.Month(2025, 2),
                TestTable.Month(2025, 2, 1)])
            .CommitAsync(TestTable.Cancel);
        var options = new RewriteDataFilesOptions { MinInputFiles = 2 };

        var plan = await table.RewriteDataFiles(options).PlanAsync(TestTable.Cancel);
        Assert.Equal(["date_hour_month=2025-01", "date_hour_month=2025-02"],
            plan.Groups.Select(g => g.Partition).Order(StringComparer.Ordinal));
        Assert.Equal((4L, 4000L, table.CurrentSnapshot!.SnapshotId),
            (plan.FilesCount, plan.SizeBytes, plan.SnapshotId));

        await table.UpdateAsync(b => b.AddSpec(PartitionSpec.Unpartitioned).SetDefaultSpec(-1), TestTable.Cancel);
        Assert.Equal("", Assert.Single(
            (await table.RewriteDataFiles(options).PlanAsync(TestTable.Cancel)).Groups).Partition);
        var old = await table.RewriteDataFiles(options with { OutputSpecId = 0 }).PlanAsync(TestTable.Cancel);
        Assert.Equal(2, old.Groups.Count);
    }

    [Fact]
    public async Task A_filter_leaves_out_files_that_cannot_match()
    {
        var table = await TestTable.CreateAsync();
        await table.NewAppend().AddRange([TestTable.Month(2025, 1), TestTable.Month(2025, 2)]).CommitAsync(
            TestTable.Cancel);
        var options = new RewriteDataFilesOptions
        {
            RewriteAll = true,
            Filter = Expressions.Expression.LessThan(
                "date_hour", new DateTimeOffset(2025, 2, 1, 0, 0, 0, TimeSpan.Zero)),
        };

        var plan = await table.RewriteDataFiles(options).PlanAsync(TestTable.Cancel);

        Assert.Equal("date_hour_month=2025-01", Assert.Single(plan.Groups).Partition);
    }

    [Fact]
    public async Task The_size_comes_from_the_table_when_it_is_not_given()
    {
        var table = await TableAsync("100 100", new() { ["write.target-file-size-bytes"] = "150" });

        // 100 is below 75 % of 150, and 200 fill more than one file of 150.
        var plan = await table.RewriteDataFiles().PlanAsync(TestTable.Cancel);
        Assert.Equal(150, Assert.Single(plan.Groups).TargetFileSizeBytes);
    }

    [Fact]
    public async Task Options_out_of_range_are_refused_by_name()
    {
        var table = await TableAsync("100");
        (RewriteDataFilesOptions Options, string Names)[] wrong =
        [
            (Options with { TargetFileSizeBytes = 0 }, "target-file-size-bytes"),
            (Options with { MinFileSizeBytes = 1000 }, "min-file-size-bytes"),
            (Options with { MaxFileSizeBytes = 1000 }, "max-file-size-bytes"),
            (Options with { MinInputFiles = 0 }, "min-input-files"),
            (Options with { MaxFileGroupSizeBytes = 0 }, "max-file-group-size-bytes"),
            (Options with { DeleteFileThreshold = 0 }, "delete-file-threshold"),
            (Options with { DeleteRatioThreshold = 1.5 }, "delete-ratio-threshold"),
            (Options with { PartialProgressMaxCommits = 0 }, "partial-progress.max-commits"),
            (Options with { OutputSpecId = 9 }, "output-spec-id"),
        ];
        foreach (var (options, name) in wrong)
        {
            var refused = await Assert.ThrowsAsync<IcebergException>(
                () => table.RewriteDataFiles(options).PlanAsync(TestTable.Cancel));
            Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Files of the sizes given, of 10 rows each.</summary>
    private static async Task<Table> TableAsync(string sizes, Dictionary<string, string>? properties = null)
    {
        var table = await TestTable.CreateAsync(spec: PartitionSpec.Unpartitioned, properties: properties);
        await table.NewAppend()
            .AddRange(sizes.Split(' ').Select((size, i) => TestTable.File($"{i}", 10) with
            {
                FileSizeInBytes = long.Parse(size, System.Globalization.CultureInfo.InvariantCulture),
            }))
            .CommitAsync(TestTable.Cancel);
        return table;
    }

    private static string Text(RewriteDataFilesPlan plan) => string.Join(
        ' ', plan.Groups.Select(g => string.Join('+', g.Files.Select(f => f.File.FileSizeInBytes).Order())));
}
