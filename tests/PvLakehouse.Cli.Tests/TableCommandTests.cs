using System.Text.Json;
using PvLakehouse.Cli.Commands.Tables;

namespace PvLakehouse.Cli.Tests;

/// <summary><c>pvlake table ...</c> on a small lake, as a user runs it.</summary>
public sealed class TableCommandTests : IDisposable
{
    private const string Table = "bronze.raw_facilities";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Branches_and_tags_are_made_listed_moved_and_dropped_and_a_rollback_goes_back()
    {
        var (first, second) = await TwoSnapshotsAsync();

        await RunAsync("branch", Table, "create", "audit", "--snapshot", first, "--dry-run");
        Assert.Equal(["branch,snapshot_id", $"main,{second}"], await LinesAsync(2, "branch", Table));
        await RunAsync("branch", Table, "create", "audit", "--snapshot", first);
        await RunAsync("tag", $"iceberg.{Table}", "create", "eoy");
        Assert.Equal(["branch,snapshot_id", $"audit,{first}", $"main,{second}"], await LinesAsync(2, "branch", Table));
        Assert.Equal(["tag,snapshot_id", $"eoy,{second}"], await LinesAsync(2, "tag", Table));
        await FailsAsync("has a branch 'audit' already", "branch", Table, "create", "audit");
        await FailsAsync("no tag 'audit'", "tag", Table, "drop", "audit");
        await FailsAsync("cannot be dropped", "branch", Table, "drop", "main");

        await RunAsync("rollback", Table, "--snapshot", first, "--dry-run");
        Assert.Contains($"main,{second}", await LinesAsync(2, "branch", Table));
        await RunAsync("rollback", Table, "--snapshot", first);
        Assert.Contains($"main,{first}", await LinesAsync(2, "branch", Table));
        await FailsAsync("is no ancestor of the current snapshot", "rollback", Table, "--snapshot", second);
        await FailsAsync("no snapshot that is kept is older than", "rollback", Table, "--to", "2020-01-01", "--dry-run");
        await FailsAsync("needs either --snapshot or --to", "rollback", Table);

        // main was rolled back, so the tag is ahead of it.
        await RunAsync("branch", Table, "fast-forward", "main", "eoy");
        Assert.Contains($"main,{second}", await LinesAsync(2, "branch", Table));
        await FailsAsync("cannot be moved forward", "branch", Table, "fast-forward", "main", "audit");
        await FailsAsync("cannot be moved forward", "branch", Table, "fast-forward", "main", "audit", "--dry-run");
        Assert.Contains("(dry run: nothing was changed)", await RunAsync("branch", Table, "create", "kept", "--retain-last", "3", "--dry-run"),
            StringComparison.Ordinal);
        await RunAsync("branch", Table, "create", "kept", "--retain-last", "3");
        Assert.Equal(3, Assert.Single(await JsonAsync("refs", Table), r => r.GetProperty("name").GetString() is "kept")
            .GetProperty("min_snapshots_to_keep").GetInt32());
        await FailsAsync("should be 1 or more", "branch", Table, "create", "more", "--retain-last", "0");
        await FailsAsync("has no snapshot 7", "tag", Table, "create", "seven", "--snapshot", "7");
        await RunAsync("branch", Table, "drop", "kept");
        await RunAsync("tag", Table, "drop", "eoy");
        Assert.Equal(["tag,snapshot_id"], await LinesAsync(2, "tag", Table));
        Assert.Equal(["name,type", "audit,BRANCH", "main,BRANCH"], await LinesAsync(2, "refs", Table));
    }

    [Fact]
    public async Task Snapshots_expire_and_files_are_compacted_and_orphans_removed_with_dry_runs_that_change_nothing()
    {
        var (first, second) = await TwoSnapshotsAsync();

        Assert.Equal(["snapshot_id", first, second],
            (await LinesAsync(2, "snapshots", Table)).Select(l => l.Split(',')[1]));
        Assert.Equal(["true", "true"], (await LinesAsync(4, "history", Table)).Skip(1).Select(l => l.Split(',')[3]));
        Assert.Equal(3, (await LinesAsync(1, "files", Table)).Count);
        Assert.Equal(2, (await LinesAsync(1, "files", Table, "--snapshot", first)).Count);
        Assert.Equal(2, (await LinesAsync(1, "manifests", Table, "--snapshot", first)).Count);
        Assert.Equal(2, (await LinesAsync(1, "partitions", Table)).Count);
        var files = await JsonAsync("files", Table);
        var rows = files.Sum(f => f.GetProperty("record_count").GetInt64());

        Assert.Equal("2", (await LinesAsync(4, "compact", Table, "--min-input-files", "2", "--dry-run"))[1].Split(
            ',')[1]);
        Assert.Equal(3, (await LinesAsync(1, "files", Table)).Count);
        var compacted = Assert.Single(await JsonAsync("compact", Table, "--min-input-files", "2"));
        Assert.Equal((2, 1), (
            compacted.GetProperty("rewritten_data_files_count").GetInt32(),
                compacted.GetProperty("added_data_files_count").GetInt32()));
        Assert.Equal(rows, Assert.Single(await JsonAsync("files", Table)).GetProperty("record_count").GetInt64());

        Assert.Equal("0,0", (await LinesAsync(2, "rewrite-manifests", Table))[1]);

        // By now's clock everything but the newest is old; the compaction left two files to the first two snapshots.
        Assert.Equal([first, second], (await LinesAsync(1, "expire", Table, "--older-than", "0m", "--dry-run")).Skip(
            1).Select(l => l.Split(',')[0]));
        var expired = Assert.Single(await JsonAsync("expire", Table, "--older-than", "0m", "--retain-last", "1"));
        Assert.Equal((2, 2), (
            expired.GetProperty("expired_snapshots_count").GetInt32(),
                expired.GetProperty("deleted_data_files_count").GetInt32()));
        await FailsAsync("should be 1 or more", "expire", Table, "--retain-last", "0");

        var lost = Path.Combine(_folder.Lake, "warehouse", "bronze", "raw_facilities", "data", "lost.parquet");
        await File.WriteAllTextAsync(lost, "half", Token);
        File.SetLastWriteTimeUtc(lost, DateTime.UnixEpoch.AddYears(55));
        Assert.Equal(2, (await LinesAsync(1, "remove-orphans", Table, "--dry-run")).Count);
        Assert.True(File.Exists(lost));
        Assert.Equal(["orphan_file_location", lost],
            (await LinesAsync(1, "remove-orphans", Table)).Select(l => l.Split(',')[0]));
        Assert.False(File.Exists(lost));
        await FailsAsync("less than a day ago", "remove-orphans", Table, "--older-than", "1h");
        Assert.Equal(rows, Assert.Single(await JsonAsync("files", Table)).GetProperty("record_count").GetInt64());
    }

    [Fact]
    public async Task A_compaction_may_be_limited_by_a_condition_and_sort_the_rows()
    {
        await TwoSnapshotsAsync();
        var rows = (await JsonAsync("files", Table)).Sum(f => f.GetProperty("record_count").GetInt64());

        Assert.Single(await LinesAsync(4, "compact", Table, "--all", "--where", "network_id = 'nowhere'", "--dry-run"));
        Assert.Equal(0, Assert.Single(await JsonAsync("compact", Table, "--all", "--where", "network_id < 'A' OR facility_code IS NULL"))
            .GetProperty("rewritten_data_files_count").GetInt32());
        Assert.Equal("2", (await LinesAsync(4, "compact", Table, "--all", "--where", "network_id IN ('NEM', 'WEM')", "--dry-run"))[1].Split(',')[1]);
        await FailsAsync("chooses no files", "compact", Table, "--where", "length(network_id) = 3");
        await FailsAsync("chooses no files", "compact", Table, "--where", "nothing = 1", "--dry-run");
        await FailsAsync("The condition 'network_id =' is not understood: Syntax error", "compact", Table, "--where", "network_id =");
        await FailsAsync("expected the end", "compact", Table, "--sort", "facility_code up");

        var compacted = Assert.Single(await JsonAsync(
            "compact", Table, "--all", "--where", "network_id >= 'A'", "--sort", "network_id, facility_code DESC NULLS LAST"));
        Assert.Equal((2, 1), (
            compacted.GetProperty("rewritten_data_files_count").GetInt32(), compacted.GetProperty("added_data_files_count").GetInt32()));
        Assert.Equal(rows, Assert.Single(await JsonAsync("files", Table)).GetProperty("record_count").GetInt64());

        // One file, read in its order.
        using var json = JsonDocument.Parse(await PvlakeAsync("sql", $"SELECT network_id, facility_code FROM iceberg.{Table}", "--format", "json"));
        List<(string Network, string Code)> order = [.. json.RootElement.EnumerateArray().Select(r => (
            r.GetProperty("network_id").GetString()!, r.GetProperty("facility_code").GetString()!))];
        Assert.Equal(order.OrderBy(r => r.Network, StringComparer.Ordinal).ThenByDescending(r => r.Code, StringComparer.Ordinal), order);
    }

    [Fact]
    public async Task An_expiry_may_forget_schemas_and_specs_of_no_use()
    {
        await TwoSnapshotsAsync();
        await PvlakeAsync("sql", $"ALTER TABLE iceberg.{Table} ADD COLUMN never int");
        await PvlakeAsync("sql", $"ALTER TABLE iceberg.{Table} ADD COLUMN again int");

        // Schema 0 is that of the snapshots, 2 the current one.
        Assert.Contains("schemas 1 would be forgotten", await ErrorAsync("expire", Table, "--clean-metadata", "--dry-run"), StringComparison.Ordinal);
        Assert.DoesNotContain("schemas", await ErrorAsync("expire", Table), StringComparison.Ordinal);
        Assert.Contains("schemas 1 were forgotten", await ErrorAsync("expire", Table, "--clean-metadata"), StringComparison.Ordinal);
        Assert.Equal("", await ErrorAsync("expire", Table, "--clean-metadata"));
    }

    [Fact]
    public async Task Names_that_are_none_are_explained()
    {
        await PvlakeAsync("bronze", "facilities", "--mode", "backfill");

        await FailsAsync("is no name of a table", "files", "raw_facilities");
        await FailsAsync("Table does not exist: bronze.nothing", "files", "bronze.nothing");
        await FailsAsync("has no snapshot 7", "files", Table, "--snapshot", "7");
        await FailsAsync("has no branch or tag 'x'; it has main", "files", Table, "--ref", "x");
        await FailsAsync("'yesterday' is no time", "expire", Table, "--older-than", "yesterday");
        await FailsAsync("There is no column 'nothing'", "compact", Table, "--sort-by", "nothing");
    }

    [Theory]
    [InlineData("5d", "2026-01-05T12:00:00Z")]
    [InlineData("36h", "2026-01-09T00:00:00Z")]
    [InlineData("90m", "2026-01-10T10:30:00Z")]
    [InlineData("2025-01-31", "2025-01-31T00:00:00Z")]
    [InlineData("2025-01-31 06:30", "2025-01-31T06:30:00Z")]
    [InlineData("2025-01-31T06:30:00+10:00", "2025-01-30T20:30:00Z")]
    [InlineData("2025-01-31T06:30:00.5Z", "2025-01-31T06:30:00.5Z")]
    public void Instants_are_read_as_people_write_them(string text, string expected)
    {
        var now = new DateTimeOffset(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);

        Assert.True(InstantText.TryRead(text, now, out var instant));
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), instant);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("-5d")]
    [InlineData("5w")]
    [InlineData("999999999d")]
    [InlineData("31.01.2025")]
    public void Other_texts_are_no_instants(string text) =>
        Assert.False(InstantText.TryRead(text, new DateTimeOffset(2026, 1, 10, 12, 0, 0, TimeSpan.Zero), out _));

    /// <summary>Loads eight farms and then one more: what has not changed would not be written again.</summary>
    private async Task<(string First, string Second)> TwoSnapshotsAsync()
    {
        await PvlakeAsync("bronze", "facilities", "--mode", "backfill");
        await PvlakeAsync("bronze", "facilities", "--mode", "backfill", "--facilities", "NYNGAN");
        var ids = (await LinesAsync(2, "snapshots", Table)).Skip(1).Select(l => l.Split(',')[1]).ToList();
        Assert.Equal(2, ids.Count);
        return (ids[0], ids[1]);
    }

    /// <summary>The printed lines, cut to their first columns.</summary>
    private async Task<List<string>> LinesAsync(int columns, params string[] arguments) =>
        [.. (await RunAsync([.. arguments, "--format", "csv"])).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => string.Join(',', line.Split(',').Take(columns)))];

    private async Task<List<JsonElement>> JsonAsync(params string[] arguments)
    {
        using var json = JsonDocument.Parse(await RunAsync([.. arguments, "--format", "json"]));
        return [.. json.RootElement.EnumerateArray().Select(e => e.Clone())];
    }

    private Task<string> RunAsync(params string[] arguments) => PvlakeAsync(["table", .. arguments]);

    private async Task<string> PvlakeAsync(params string[] arguments)
    {
        using var run = await PvlakeProcess.RunAsync(Token, [.. arguments, "--lake", _folder.Lake]);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        return run.Output;
    }

    /// <summary>What a command that succeeds says on standard error.</summary>
    private async Task<string> ErrorAsync(params string[] arguments)
    {
        using var run = await PvlakeProcess.RunAsync(Token, ["table", .. arguments, "--lake", _folder.Lake]);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        return run.Error;
    }

    private async Task FailsAsync(string sentence, params string[] arguments)
    {
        using var run = await PvlakeProcess.RunAsync(Token, ["table", .. arguments, "--lake", _folder.Lake]);
        Assert.True(run.ExitCode == Faults.Failed, $"exit code {run.ExitCode}\n{run.Output}{run.Error}");
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }
}
