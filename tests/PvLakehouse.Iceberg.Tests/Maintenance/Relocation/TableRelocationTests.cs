using System.Text;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Maintenance.Relocation;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Maintenance.Relocation;

/// <summary>A table copied with its history to another place is the same table there.</summary>
public sealed class TableRelocationTests
{
    private const string Old = "mem:/warehouse";
    private const string New = "mem:/elsewhere";

    private readonly InMemoryFileIO _target = new();

    [Fact]
    public async Task Every_snapshot_branch_and_tag_reads_in_the_new_place_after_the_old_one_is_gone()
    {
        var lake = await Warehouse.CreateAsync();
        var first = await lake.AppendAsync("a");
        await lake.AppendAsync("b");
        await lake.ReplaceAsync("a", "c");
        await lake.AppendAsync("audited", "main");
        await lake.RefAsync("eoy", first.SnapshotId, SnapshotRefKind.Tag);
        await lake.RefAsync("audit", first.SnapshotId, SnapshotRefKind.Branch);
        var before = await ContentAsync(lake.Table);

        var moved = await MoveAsync(lake.Files, lake.Table.MetadataLocation);
        await lake.Files.DeleteManyAsync(lake.Files.Locations, TestTable.Cancel);

        Assert.Equal(before, await ContentAsync(moved));
        Assert.Equal(lake.Table.Metadata.Refs, moved.Metadata.Refs);
        Assert.Equal(lake.Table.Metadata.SnapshotLog, moved.Metadata.SnapshotLog);
        Assert.Equal(lake.Table.Metadata.TableUuid, moved.Metadata.TableUuid);
        Assert.Equal($"{New}/silver/energy", moved.Metadata.Location);
        Assert.Equal(lake.Table.Metadata.MetadataLog.Count, moved.Metadata.MetadataLog.Count);
        Assert.All(moved.Metadata.MetadataLog, entry => Assert.Contains(entry.MetadataFile, _target.Locations));
    }

    [Fact]
    public async Task The_moved_table_is_written_on_by_its_new_catalog()
    {
        var lake = await Warehouse.CreateAsync();
        await lake.AppendAsync("a");
        var moved = await MoveAsync(lake.Files, lake.Table.MetadataLocation);
        var snapshot = await moved.NewAppend().Add(TestTable.File("z") with { FilePath = $"{New}/silver/energy/data/z.parquet" }).CommitAsync(TestTable.Cancel);

        Assert.Equal(["a@1", "z@2"], (await ContentAsync(moved))[snapshot.SnapshotId]);
        Assert.Single(await ContentAsync(lake.Table));
    }

    [Fact]
    public async Task No_old_location_is_left_in_any_file_and_each_new_length_is_true()
    {
        var lake = await Warehouse.CreateAsync(properties: new() { ["write.metadata.path"] = $"{Old}/silver/energy/meta" });
        await lake.AppendAsync("a");
        await lake.ReplaceAsync("a", "b");
        var moved = await MoveAsync(lake.Files, lake.Table.MetadataLocation);

        Assert.Equal($"{New}/silver/energy/meta", moved.Metadata.Properties["write.metadata.path"]);
        foreach (var location in _target.Locations.Where(l => l.EndsWith(".json", StringComparison.Ordinal)))
        {
            Assert.DoesNotContain(Old, Encoding.UTF8.GetString(await BytesAsync(location)), StringComparison.Ordinal);
        }

        foreach (var snapshot in moved.Metadata.Snapshots)
        {
            Assert.StartsWith(New, snapshot.ManifestList, StringComparison.Ordinal);
            foreach (var manifest in await ManifestListReader.ReadAsync(_target, moved.Metadata, snapshot, TestTable.Cancel))
            {
                Assert.Equal((await BytesAsync(manifest.Path)).Length, manifest.Length);
                await foreach (var entry in new ManifestReader(_target, moved.Metadata).ReadAsync(manifest, TestTable.Cancel))
                {
                    // Removed files too: who looks at what a snapshot removed shall not be sent to the old place.
                    Assert.StartsWith(New, entry.File.FilePath, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public async Task Position_deletes_are_written_anew_and_their_sizes_references_and_bounds_follow()
    {
        var lake = await Warehouse.CreateAsync();
        await lake.AppendAsync("a");
        var data = $"{lake.Table.Locations.DataRoot}/a.parquet";
        await lake.Table.NewRowDelta()
            .AddDeletes(await DeletesAsync(lake, "one", data, data) with { ReferencedDataFile = data })
            .AddDeletes(await DeletesAsync(lake, "cut", "mem:/warehouse/s", "mem:/warehouse/t"))
            .CommitAsync(TestTable.Cancel);

        var moved = await MoveAsync(lake.Files, lake.Table.MetadataLocation, async (from, to, move, token) =>
        {
            await using var file = await _target.CreateAsync(to, token);
            await file.Content.WriteAsync(Encoding.UTF8.GetBytes(move(data)), token);
            await file.CompleteAsync(token);
            return 777;
        });

        var deletes = new Dictionary<string, DataFile>(StringComparer.Ordinal);
        await foreach (var row in moved.Inspect().FilesAsync(moved.Metadata.CurrentSnapshotId, TestTable.Cancel))
        {
            deletes[Path.GetFileNameWithoutExtension(row.File.FilePath)] = row.File;
        }

        var to = $"{New}/silver/energy/data/a.parquet";
        Assert.Equal(to, deletes["one"].ReferencedDataFile);
        Assert.Equal((777, to, to), (deletes["one"].FileSizeInBytes, Bound(deletes["one"].Metrics.LowerBounds), Bound(deletes["one"].Metrics.UpperBounds)));
        // What a writer has cut says nothing of the new place: it may not exclude any file there.
        Assert.Equal(("", "\U0010FFFF"), (Bound(deletes["cut"].Metrics.LowerBounds), Bound(deletes["cut"].Metrics.UpperBounds)));
    }

    [Fact]
    public async Task Position_deletes_without_a_writer_for_them_are_refused()
    {
        var lake = await Warehouse.CreateAsync();
        await lake.AppendAsync("a");
        await lake.Table.NewRowDelta().AddDeletes(await DeletesAsync(lake, "one", "a", "b")).CommitAsync(TestTable.Cancel);
        var failure = await Assert.ThrowsAsync<IcebergException>(() => MoveAsync(lake.Files, lake.Table.MetadataLocation));
        Assert.Contains("position deletes", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_target.Locations, l => l.EndsWith(".metadata.json", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_data_file_fails_before_any_metadata_is_there()
    {
        var lake = await Warehouse.CreateAsync();
        await lake.AppendAsync("a");
        await lake.Files.DeleteAsync($"{lake.Table.Locations.DataRoot}/a.parquet", TestTable.Cancel);
        await Assert.ThrowsAsync<FileNotFoundException>(() => MoveAsync(lake.Files, lake.Table.MetadataLocation));
        Assert.Empty(_target.Locations);
    }

    [Theory]
    [InlineData("case_sensitive_names/default.db/case_sensitive_names/metadata/00001-a7a3a44c-4aac-4619-bebd-11be37b27351.metadata.json")]
    [InlineData("iceberg_v1_deprecated/default/legacy_v1/metadata/v2.metadata.json")]
    [InlineData("uuid/metadata/00001-43fda1f4-1c96-4376-ad16-91beb71d0759.metadata.json")]
    [InlineData("partition_decimal_bigint/metadata/v2.metadata.json")]
    [InlineData("add_columns_with_defaults/default.db/add_columns_with_defaults/metadata/00003-3f1801a5-7dfb-4072-b14a-39cd12f9279b.metadata.json")]
    public async Task Tables_of_other_writers_move_with_all_that_their_manifests_say(string file)
    {
        var original = FixtureTable.Load($"data/persistent/{file}");
        var io = new RelativeFileIO(SharedFixtures.Path(""));
        var location = await new TableRelocation(io, _target, new LocationMap([("data/persistent", New)], $"{New}/outside"))
            .RunAsync($"data/persistent/{file}", TestTable.Cancel);
        var moved = await RegisterAsync(location);

        var (expected, found) = (await EntriesAsync(original), await EntriesAsync(moved));
        Assert.NotEmpty(expected);
        Assert.Equal(expected, found);
        Assert.Equal(original.Metadata.FormatVersion, moved.Metadata.FormatVersion);
    }

    /// <summary>Everything but locations that entries say, as text.</summary>
    private static async Task<List<string>> EntriesAsync(Table table)
    {
        var entries = new List<string>();
        foreach (var snapshot in table.Metadata.Snapshots)
        {
            foreach (var manifest in await ManifestListReader.ReadAsync(table.Io, table.Metadata, snapshot, TestTable.Cancel))
            {
                await foreach (var entry in new ManifestReader(table.Io, table.Metadata).ReadAsync(manifest, TestTable.Cancel))
                {
                    var f = entry.File;
                    entries.Add($"{snapshot.SnapshotId} {entry.Status} {entry.SequenceNumber} {entry.FileSequenceNumber} {Path.GetFileName(f.FilePath)} {f.Format} "
                        + $"{table.Metadata.FindSpec(f.SpecId)?.PartitionPath(f.Partition)} {f.RecordCount} {f.FileSizeInBytes} {f.SortOrderId} "
                        + string.Join(',', f.Metrics.LowerBounds.Select(b => $"{b.Key}={Convert.ToHexString(b.Value.Span)}")));
                }
            }
        }

        return entries;
    }

    /// <summary>The live files of each snapshot with their ages.</summary>
    private static async Task<Dictionary<long, List<string>>> ContentAsync(Table table)
    {
        var content = new Dictionary<long, List<string>>();
        foreach (var snapshot in table.Metadata.Snapshots)
        {
            var names = new List<string>();
            foreach (var manifest in await ManifestListReader.ReadAsync(table.Io, table.Metadata, snapshot, TestTable.Cancel))
            {
                await foreach (var entry in new ManifestReader(table.Io, table.Metadata).ReadAsync(manifest, TestTable.Cancel))
                {
                    if (entry.IsLive)
                    {
                        names.Add($"{Path.GetFileNameWithoutExtension(entry.File.FilePath)}@{entry.SequenceNumber}");
                    }
                }
            }

            names.Sort(StringComparer.Ordinal);
            content[snapshot.SnapshotId] = names;
        }

        return content;
    }

    private static async Task<DataFile> DeletesAsync(Warehouse lake, string name, string lower, string upper)
    {
        var file = await lake.DataAsync(name);
        return file with
        {
            Content = FileContent.PositionDeletes,
            Metrics = new ColumnMetrics
            {
                LowerBounds = TestTable.Map(2147483546, (ReadOnlyMemory<byte>)SingleValue.ToBytes(Literal.String(lower))),
                UpperBounds = TestTable.Map(2147483546, (ReadOnlyMemory<byte>)SingleValue.ToBytes(Literal.String(upper))),
            },
        };
    }

    private static string Bound(FieldMap<ReadOnlyMemory<byte>> bounds) => Encoding.UTF8.GetString(bounds.Single(b => b.Key == 2147483546).Value.Span);

    private async Task<Table> MoveAsync(IFileIO source, string metadata, MovePositionDeletes? deletes = null) =>
        await RegisterAsync(await new TableRelocation(source, _target, new LocationMap([(Old, New)], $"{New}/outside"), deletes)
            .RunAsync(metadata, TestTable.Cancel));

    private async Task<Table> RegisterAsync(string metadata)
    {
        var catalog = new InMemoryCatalog(New, _target, context: new CommitContext(TimeProvider.System, new IdSource(7)));
        await catalog.CreateNamespaceAsync(TestTable.Name.Namespace, cancellationToken: TestTable.Cancel);
        return await catalog.RegisterTableAsync(TestTable.Name, metadata, TestTable.Cancel);
    }

    private async Task<byte[]> BytesAsync(string location)
    {
        await using var stream = await _target.OpenReadAsync(location, TestTable.Cancel);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, TestTable.Cancel);
        return bytes.ToArray();
    }
}
