using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Pipeline.Keeping;
using PvLakehouse.Pipeline.Keeping.Backups;
using PvLakehouse.Pipeline.Tests.Models;

namespace PvLakehouse.Pipeline.Tests.Keeping;

/// <summary>A restored backup is the lake that was backed up; a damaged or unfinished one never passes for whole.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private const string AllRows = "SELECT * FROM iceberg.silver.clean_hourly_energy ORDER BY facility_code, date_hour";

    private readonly TestLake _lake = new();
    private readonly TestLake _other = new();
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"pvlake-backups-{Guid.CreateVersion7():N}");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _lake.InitializeAsync();
        await _other.InitializeAsync();
        await _lake.FacilityAsync("AVLSF", 300, 245);
        await EnergyAsync(1, 10);
        await _lake.SilverAsync("facility_master");
        await _lake.SilverAsync("hourly_energy");
    }

    public async ValueTask DisposeAsync()
    {
        await _lake.DisposeAsync();
        await _other.DisposeAsync();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_restored_lake_has_the_same_rows_now_and_at_every_earlier_snapshot()
    {
        await EnergyAsync(2, 20);
        await _lake.SilverAsync("hourly_energy");
        var table = TableIdentifier.Parse("silver.clean_hourly_energy");
        var snapshots = (await _lake.Lake.Catalog.LoadTableAsync(table, Token)).Metadata.Snapshots.Select(s => s.SnapshotId).ToList();
        var expected = await _lake.RowsAsync(AllRows);
        var old = await _lake.RowsAsync($"SELECT facility_code, energy_mwh FROM iceberg.silver.clean_hourly_energy FOR VERSION AS OF {snapshots[0]}");
        Assert.Equal(["AVLSF 10"], old);

        await BackupAsync();
        await RestoreAsync();

        Assert.Equal(expected, await _other.RowsAsync(AllRows));
        Assert.Equal(old, await _other.RowsAsync($"SELECT facility_code, energy_mwh FROM iceberg.silver.clean_hourly_energy FOR VERSION AS OF {snapshots[0]}"));
        Assert.Equal(snapshots, (await _other.Lake.Catalog.LoadTableAsync(table, Token)).Metadata.Snapshots.Select(s => s.SnapshotId));

        // The restored lake goes on from where the lake was: nothing new, and a new hour is taken in.
        Assert.True((await _other.SilverAsync("hourly_energy")).NothingNew);
    }

    [Fact]
    public async Task What_was_written_after_the_backup_is_not_in_it_and_the_lake_may_be_lost()
    {
        var expected = await _lake.RowsAsync(AllRows);
        await BackupAsync();
        await EnergyAsync(3, 30);
        await _lake.SilverAsync("hourly_energy");
        Directory.Delete(_lake.Kept.Warehouse, recursive: true);
        await RestoreAsync();
        Assert.Equal(expected, await _other.RowsAsync(AllRows));
    }

    [Fact]
    public async Task A_second_backup_copies_only_what_is_new_and_keep_forgets_the_oldest()
    {
        var first = await BackupAsync();
        Assert.Equal(0, (await BackupAsync()).FilesCopied);
        await EnergyAsync(3, 30);
        var third = await BackupAsync(keep: 2);

        // One commit to one table: a data file, a manifest, a manifest list, a metadata file.
        Assert.Equal(4, third.FilesCopied);
        var left = await BackupList.ReadAsync(_folder, Token);
        Assert.Equal(2, left.Count);
        Assert.DoesNotContain(first.Manifest.Id, left.Select(backup => backup.Id));
        Assert.Empty(await BackupCheck.FilesAsync(_folder, null, Token));
        Assert.Empty(await BackupCheck.FilesAsync(_folder, left[^1].Id, Token));
    }

    [Fact]
    public async Task A_killed_backup_leaves_the_previous_one_whole_and_its_leftovers_go_with_the_next()
    {
        var first = await BackupAsync();
        // What a process leaves that is killed before its manifest is there: an object of nobody and an unfinished file.
        var stray = Path.Combine(_folder, "objects", "ab", "ab" + new string('0', 62));
        Directory.CreateDirectory(Path.GetDirectoryName(stray)!);
        await File.WriteAllTextAsync(stray, "half", Token);
        var unfinished = Path.Combine(_folder, "backups", "20990101T000000Z.json.tmp");
        await File.WriteAllTextAsync(unfinished, "{", Token);

        Assert.Equal(first.Manifest.Id, (await BackupList.ReadAsync(_folder, Token))[0].Id);
        await BackupAsync();
        Assert.False(File.Exists(stray));
        Assert.False(File.Exists(unfinished));
        Assert.Empty(await BackupCheck.FilesAsync(_folder, null, Token));
    }

    [Fact]
    public async Task A_changed_byte_a_missing_file_and_a_wrong_row_are_found()
    {
        var backup = await BackupAsync();
        var objects = Directory.EnumerateFiles(Path.Combine(_folder, "objects"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        var bytes = await File.ReadAllBytesAsync(objects[0], Token);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(objects[0], bytes, Token);
        Assert.Contains("checksum", Assert.Single(await BackupCheck.FilesAsync(_folder, null, Token)), StringComparison.Ordinal);

        File.Delete(objects[1]);
        Assert.Equal(2, (await BackupCheck.FilesAsync(_folder, null, Token)).Count);
        var failure = await Assert.ThrowsAsync<PipelineException>(RestoreAsync);
        Assert.Contains("damaged", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_other.Kept.Warehouse));

        // Rows: those of another lake differ from those that were summed.
        await _other.FacilityAsync("AVLSF", 300, 246);
        var only = backup.Manifest with { Tables = [.. backup.Manifest.Tables.Where(table => table.Table == "bronze.raw_facilities")] };
        var other = TableIdentifier.Parse("bronze.raw_facilities");
        var snapshot = (await _other.Lake.Catalog.LoadTableAsync(other, Token)).Metadata.CurrentSnapshotId!.Value;
        var asked = only with { Tables = [.. only.Tables.Select(table => table with { Snapshots = [table.Snapshots[0] with { SnapshotId = snapshot }] })] };
        var compared = await BackupCheck.RowsAsync(asked, _other.Kept, Token).ToListAsync(Token);
        Assert.False(Assert.Single(compared).IsEqual);
    }

    [Fact]
    public async Task Places_that_hold_something_are_refused()
    {
        await BackupAsync();
        await _other.FacilityAsync("X", 1, 1);
        Assert.Contains("new lake", (await Assert.ThrowsAsync<PipelineException>(RestoreAsync)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "in the lake itself",
            (await Assert.ThrowsAsync<PipelineException>(() => new LakeBackup(_lake.Kept).RunAsync(Path.Combine(_lake.Kept.Folder, "b"), null, Token))).Message,
            StringComparison.Ordinal);
        var foreign = Directory.CreateDirectory(Path.Combine(_folder, "photos")).FullName;
        await File.WriteAllTextAsync(Path.Combine(foreign, "cat.jpg"), "", Token);
        await Assert.ThrowsAsync<PipelineException>(() => new LakeBackup(_lake.Kept).RunAsync(foreign, null, Token));
        Assert.Single(Directory.EnumerateFileSystemEntries(foreign));
    }

    [Fact]
    public async Task One_table_is_restored_alone_and_an_unknown_one_is_refused_by_name()
    {
        await BackupAsync();
        await (await LakeRestore.OpenAsync(_folder, null, ["bronze.raw_facilities"], Token)).RunAsync(_other.Kept, Token);
        Assert.Equal(["bronze.raw_facilities"], (await TableHeads.PinAsync(_other.Lake.Catalog, Token)).Select(table => table.Identifier.ToString()));
        var failure = await Assert.ThrowsAsync<PipelineException>(() => LakeRestore.OpenAsync(_folder, null, ["gold.nonsense"], Token));
        Assert.Contains("bronze.raw_facilities", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sum_of_rows_knows_no_order_but_every_value_null_and_repetition()
    {
        await using var session = await _lake.Lake.Engine.OpenSessionAsync(Token);
        async Task<RowChecksum> SumAsync(string name, string rows)
        {
            await session.RunAsync($"CREATE TABLE iceberg.bronze.{name} (a string, b double)", parameters: null, Token);
            await session.RunAsync($"INSERT INTO iceberg.bronze.{name} {rows}", parameters: null, Token);
            return await RowChecksum.OfAsync(session, TableIdentifier.Parse($"bronze.{name}"), null, Token);
        }

        var sum = await SumAsync("one", "VALUES ('x', 1.5), ('', NULL), (NULL, 2)");
        Assert.Equal(sum, await SumAsync("turned", "VALUES (NULL, 2), ('x', 1.5), ('', NULL)"));
        Assert.NotEqual(sum.Sum, (await SumAsync("empty", "VALUES ('x', 1.5), (NULL, NULL), ('', 2)")).Sum);
        Assert.NotEqual(sum.Sum, (await SumAsync("last_bit", "VALUES ('x', 1.5000000000000002), ('', NULL), (NULL, 2)")).Sum);
        Assert.NotEqual(
            (await SumAsync("twice", "VALUES ('x', 1), ('x', 1), ('y', 1)")).Sum, (await SumAsync("other", "VALUES ('x', 1), ('y', 1), ('y', 1)")).Sum);
    }

    private Task EnergyAsync(int hour, double mwh) => _lake.EnergyAsync(("AVLSF", "AVLSF1", $"2025-12-01T{hour:00}", mwh));

    private Task<BackupResult> BackupAsync(int? keep = null)
    {
        _lake.Clock.Advance(TimeSpan.FromHours(1));
        return new LakeBackup(_lake.Kept).RunAsync(_folder, keep, Token);
    }

    private async Task RestoreAsync() => await (await LakeRestore.OpenAsync(_folder, null, [], Token)).RunAsync(_other.Kept, Token);
}
