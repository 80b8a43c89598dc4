using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Faults;

/// <summary>
/// Files and manifests that are written anew, with a fault at each step: the table holds the same rows before and
/// after, none twice.
/// </summary>
public sealed class RewriteFaultTests
{
    private static readonly TableIdentifier Energy = TableIdentifier.Parse("silver.e");

    /// <summary>The rows of each file, by name; a file that was made of others holds all of theirs.</summary>
    private const string Rows = "e0 e1 e2 e3 e4";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Data_files(bool partialProgress) => EveryStep.RunAsync(
        PrepareAsync,
        (lake, cancel) => lake.Tables[Energy].RewriteDataFiles(new()
        {
            TargetFileSizeBytes = 100,
            MaxFileGroupSizeBytes = 60,
            MinInputFiles = 2,
            PartialProgress = partialProgress,
        }).RunAsync(new Engine(lake), cancel),
        (lake, end) => CheckAsync(lake, end, groups: 2));

    [Fact]
    public Task Manifests() => EveryStep.RunAsync(
        PrepareAsync,
        (lake, cancel) => lake.Tables[Energy].RewriteManifests().RunAsync(cancel),
        (lake, end) => CheckAsync(lake, end, groups: 0));

    private static async Task<FaultLake> PrepareAsync(int seed)
    {
        var lake = new FaultLake(seed);
        await lake.CreateAsync(Energy);
        await lake.OtherAsync(Energy, async table =>
        {
            foreach (var name in Rows.Split(' '))
            {
                // Files of 20 bytes, of which three make a group.
                await lake.DataAsync(name, records: 2);
                await table.NewFastAppend().Add(FaultLake.File(name, records: 2)).CommitAsync(TestTable.Cancel);
            }
        });
        return lake;
    }

    private static async Task CheckAsync(FaultLake lake, FaultEnd end, int groups)
    {
        var left = lake.Files.Locations;
        var files = (await lake.ReadAsync(Energy))!;
        Assert.Equal(Rows, RowsOf(files));
        if (end.Failure is null && groups > 0 && end.Step is null)
        {
            Assert.Equal(groups, files.Split(' ').Count(f => f.Contains('+', StringComparison.Ordinal)));
        }

        Assert.Empty(end.Stored.Except(left));
        if (end.IsCertain && files == Rows && end.Step is not ("FailsBefore delete" or "FailsBefore delete of many"))
        {
            Assert.Equal(end.Stored, left);
        }

        if (lake.IsPending)
        {
            Assert.IsType<CommitStateUnknownException>(end.Failure);
            lake.Deliver();
            Assert.Equal(Rows, RowsOf((await lake.ReadAsync(Energy))!));
        }

        await lake.OtherAsync(Energy, async table =>
        {
            await table.RewriteManifests().RunAsync(TestTable.Cancel);
            Assert.Single(await Entries.ManifestsAsync(table), m => m.HasLiveFiles);
        });
        Assert.Equal(Rows, RowsOf((await lake.ReadAsync(Energy))!));
    }

    private static string RowsOf(string files) => string.Join(
        ' ', files.Split(' ').SelectMany(f => f.Split('+')).Order(StringComparer.Ordinal));

    /// <summary>Writes the rows of a group into one file, through the storage that meets the fault.</summary>
    private sealed class Engine(FaultLake lake) : IFileGroupRewriter
    {
        public async Task<IReadOnlyList<DataFile>> RewriteAsync(
            Table table, FileGroup group, CancellationToken cancellationToken = default)
        {
            var name = string.Join(
                '+',
                group.Files.Select(f => Path.GetFileNameWithoutExtension(f.File.FilePath))
                    .Order(StringComparer.Ordinal));
            var file = FaultLake.File(name, group.RecordCount);
            try
            {
                await using var written = await table.Io.CreateAsync(file.FilePath, cancellationToken);
                await written.Content.WriteAsync("rows"u8.ToArray(), cancellationToken);
                await written.CompleteAsync(cancellationToken);
            }
            catch
            {
                await lake.Files.DeleteAsync(file.FilePath, CancellationToken.None);
                throw;
            }

            return [file];
        }
    }
}
