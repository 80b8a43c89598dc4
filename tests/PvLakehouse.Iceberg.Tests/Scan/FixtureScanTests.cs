using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Scan;

/// <summary>Manifests that Spark, PyIceberg and the Java API wrote; the numbers are those of the fixtures' own description.</summary>
public sealed class FixtureScanTests
{
    private const string Persistent = "data/persistent";

    [Theory]
    [InlineData("case_sensitive_names/default.db/case_sensitive_names/metadata/00001-a7a3a44c-4aac-4619-bebd-11be37b27351.metadata.json", 3)]
    [InlineData("map_stats/default.db/map_stats/metadata/00002-0e059d4b-e5e8-41af-a763-76cbf3a3d0bc.metadata.json", 2)]
    [InlineData("expression_filter/metadata/00001-19739cda-f528-4429-84cc-377ffdd24c75.metadata.json", 3)]
    [InlineData("iceberg_v1_deprecated/default/legacy_v1/metadata/v2.metadata.json", 3)]
    [InlineData("iceberg_v1_repro/repro/merch_v1/metadata/00003-8d01e4aa-d143-49c9-898e-b5e477577b70.metadata.json", 4)]
    [InlineData("uuid/metadata/00001-43fda1f4-1c96-4376-ad16-91beb71d0759.metadata.json", 10)]
    [InlineData("partition_decimal_bigint/metadata/v2.metadata.json", 10)]
    [InlineData("partition_decimal_integer/metadata/v2.metadata.json", 3)]
    [InlineData("add_columns_with_defaults/default.db/add_columns_with_defaults/metadata/00003-3f1801a5-7dfb-4072-b14a-39cd12f9279b.metadata.json", 3)]
    [InlineData("custom_write_paths/metadata/00000-acdf842e-3a9d-4b9b-ad87-daf785831925.metadata.json", 0)]
    [InlineData("generated_bounds/metadata/v1.metadata.json", 5_000_000)]
    public async Task A_whole_table_has_as_many_rows_as_its_writer_says(string metadata, long rows) =>
        Assert.Equal(rows, await RowsAsync(FixtureTable.Load($"{Persistent}/{metadata}").NewScan()));

    [Theory]
    [InlineData("v1", 60175)]
    [InlineData("v2", 51793)]
    public async Task Rows_before_and_after_a_copy_on_write_delete_by_spark(string version, long rows)
    {
        var table = FixtureTable.Load($"{Persistent}/iceberg/lineitem_iceberg/metadata/{version}.metadata.json", $"{Persistent}/iceberg");
        Assert.Equal(rows, await RowsAsync(table.NewScan()));
    }

    [Fact]
    public async Task Entries_inherit_sequence_numbers_and_say_what_was_removed()
    {
        var table = FixtureTable.Load($"{Persistent}/iceberg/lineitem_iceberg/metadata/v2.metadata.json", $"{Persistent}/iceberg");
        var entries = new List<(EntryStatus, long, long?)>();
        foreach (var manifest in await ManifestListReader.ReadAsync(table.Io, table.Metadata, table.CurrentSnapshot!, Cancel))
        {
            await foreach (var entry in new ManifestReader(table.Io, table.Metadata).ReadAsync(manifest, Cancel))
            {
                entries.Add((entry.Status, entry.File.RecordCount, entry.SequenceNumber));
            }
        }

        Assert.Equal([(EntryStatus.Added, 51793, 2), (EntryStatus.Deleted, 60175, 1)], entries.Order());
    }

    [Theory]
    [InlineData("partition_bigint/metadata/v2.metadata.json")]
    [InlineData("partition_binary/metadata/v2.metadata.json")]
    [InlineData("partition_bool/metadata/v2.metadata.json")]
    [InlineData("partition_decimal_bigint/metadata/v2.metadata.json")]
    [InlineData("partition_decimal_integer/metadata/v2.metadata.json")]
    [InlineData("partition_decimal_smallint/metadata/v2.metadata.json")]
    [InlineData("partition_double/metadata/v2.metadata.json")]
    [InlineData("partition_float/metadata/v2.metadata.json")]
    [InlineData("partition_integer/metadata/v2.metadata.json")]
    [InlineData("partition_fixed_length_binary/default.db/partition_fixed_length_binary/metadata/00001-b4b3d6d2-cac2-4480-952e-0e4b3b88b5d7.metadata.json")]
    [InlineData("partition_timestamp/default.db/partition_timestamp/metadata/00001-0c9938a5-103e-4185-b46d-331368ae4db7.metadata.json")]
    public async Task Partition_values_read_as_their_writer_named_the_folders(string metadata)
    {
        var tasks = await TasksAsync(FixtureTable.Load($"{Persistent}/{metadata}").NewScan());
        Assert.NotEmpty(tasks);

        // Java prints very small decimals as 1E-11 where we print 0.00000000001: the name of a folder means nothing.
        Assert.All(tasks.Where(t => !t.File.FilePath.Contains("E-", StringComparison.Ordinal)), task => Assert.Contains(
            $"/{task.Spec.PartitionPath(task.File.Partition)}/", task.File.FilePath, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_partition_of_an_inline_version_1_table_is_pruned_to()
    {
        var table = FixtureTable.Load($"{Persistent}/iceberg_v1_deprecated/default/legacy_v1/metadata/v2.metadata.json");
        var task = Assert.Single(await TasksAsync(table.NewScan().Where(Expression.Equal("category", "beta"))));
        Assert.Contains("category=beta", task.File.FilePath, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_uuid_is_looked_up_in_one_file_of_two()
    {
        var table = FixtureTable.Load($"{Persistent}/uuid/metadata/00001-43fda1f4-1c96-4376-ad16-91beb71d0759.metadata.json");
        var scan = table.NewScan().Where(Expression.Equal("uuid", Guid.Parse("1571effb-facd-42a3-90e9-0af522e9b6c2")));
        Assert.Equal(5, await RowsAsync(scan));
        Assert.Equal((1, 1), (scan.Counters.FilesPlanned, scan.Counters.FilesSkipped));
    }

    [Fact]
    public async Task Ranges_are_pruned_by_the_bounds_of_five_thousand_files()
    {
        // Entry i holds block numbers 1 + 100 i to 100 + 100 i, so 250 000 to 250 101 touches entries 2499, 2500 and 2501.
        var table = FixtureTable.Load($"{Persistent}/generated_bounds/metadata/v1.metadata.json");
        Assert.Empty(await TasksAsync(table.NewScan().Where(Between(5_000_000, 5_000_100))));
        var tasks = await TasksAsync(table.NewScan().Where(Between(250_000, 250_101)));
        Assert.Equal(
            ["0000002499", "0000002500", "0000002501"],
            tasks.Select(t => t.File.FilePath.Split('/')[^2]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Files_without_bounds_are_never_pruned()
    {
        // Only entries from 3000 on have bounds for "from", each for a string of its own.
        var table = FixtureTable.Load($"{Persistent}/generated_bounds/metadata/v1.metadata.json");
        Assert.Equal(3000, (await TasksAsync(table.NewScan().Where(Expression.Equal("from", "zzz")))).Count);
    }

    [Theory]
    [InlineData("manifest-list-v2-1.avro")]
    [InlineData("manifest-list-v2-2.avro")]
    public async Task Counts_are_found_by_id_whatever_their_name(string name)
    {
        // The first was written with added_data_files_count, the second with added_files_count.
        var list = await ManifestListReader.ReadListAsync(
            new RelativeFileIO(SharedFixtures.Path("manifests/rust-manifest-lists")), name, Cancel);
        Assert.NotEmpty(list);
        Assert.All(list, m => Assert.True(m.AddedFilesCount is > 0 && m.AddedRowsCount is > 0, m.ToString()));
    }

    [Fact]
    public async Task A_manifest_list_with_deletes_tells_contents_apart()
    {
        var list = await ManifestListReader.ReadListAsync(
            new RelativeFileIO(SharedFixtures.Path("manifests")), "duckdb_v3_manifest_list.avro", Cancel);
        Assert.Equal(
            [(ManifestContent.Data, 1L, (long?)0), (ManifestContent.Deletes, 2L, 100)],
            list.Select(m => (m.Content, m.SequenceNumber, m.FirstRowId)));
    }

    [Fact]
    public async Task Every_manifest_of_the_fixture_tables_agrees_with_its_list()
    {
        var entries = 0;
        foreach (var file in Directory.EnumerateFiles(SharedFixtures.Path(Persistent), "*metadata.json", SearchOption.AllDirectories))
        {
            PvLakehouse.Iceberg.Catalog.Table table;
            try
            {
                var folder = file.Contains("/iceberg/lineitem", StringComparison.Ordinal) ? $"{Persistent}/iceberg" : "";
                table = FixtureTable.Load(Path.GetRelativePath(SharedFixtures.Root, file), folder);
            }
            catch (IcebergFormatException)
            {
                continue;
            }

            foreach (var snapshot in table.Metadata.Snapshots)
            {
                if (snapshot.ManifestList is { } list && !await table.Io.ExistsAsync(list, Cancel))
                {
                    continue;
                }

                foreach (var manifest in await ManifestListReader.ReadAsync(table.Io, table.Metadata, snapshot, Cancel))
                {
                    if (await table.Io.ExistsAsync(manifest.Path, Cancel))
                    {
                        await foreach (var entry in new ManifestReader(table.Io, table.Metadata).ReadAsync(manifest, Cancel))
                        {
                            Assert.True(entry.SequenceNumber >= 0 && entry.File.RecordCount >= 0, entry.ToString());
                            entries++;
                        }
                    }
                }
            }
        }

        Assert.True(entries > 5000, $"{entries} entries");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Expression Between(int low, int high) => Expression.And(
        Expression.GreaterThanOrEqual("block_number", low), Expression.LessThanOrEqual("block_number", high));

    private static async Task<long> RowsAsync(TableScan scan) => (await TasksAsync(scan)).Sum(t => t.File.RecordCount);

    private static async Task<List<FileScanTask>> TasksAsync(TableScan scan)
    {
        var tasks = new List<FileScanTask>();
        await foreach (var task in scan.PlanFilesAsync(Cancel))
        {
            tasks.Add(task);
        }

        return tasks;
    }
}
