using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;
using static PvLakehouse.Iceberg.Tests.Support.DeltaTable;

namespace PvLakehouse.Iceberg.Tests.Scan;

/// <summary>Which deletes apply to which data file: the rules of the specification's chapter on scan planning.</summary>
public sealed class DeletePlanningTests
{
    [Fact]
    public async Task Deletes_of_keys_apply_to_older_rows_and_deletes_of_positions_also_to_rows_of_their_own_commit()
    {
        var plan = await PlanAsync([Data("a", 1), Data("b", 2), Data("c", 3), Keys("keys", 2), Positions("positions", 2)]);
        Assert.Equal(["keys@2", "positions@2"], plan["a"]);
        Assert.Equal(["positions@2"], plan["b"]);
        Assert.Empty(plan["c"]);
    }

    [Fact]
    public async Task Deletes_apply_to_their_own_partition_and_deletes_of_keys_without_partition_to_all()
    {
        var plan = await PlanAsync(
        [
            Data("none", 1), Data("one", 1, 1), Data("two", 1, 2),
            Keys("keys-none", 5), Keys("keys-one", 5, 1), Positions("positions-none", 5), Positions("positions-two", 5, 2),
        ]);
        Assert.Equal(["keys-none@5", "positions-none@5"], plan["none"]);
        Assert.Equal(["keys-none@5", "keys-one@5"], plan["one"]);
        Assert.Equal(["keys-none@5", "positions-two@5"], plan["two"]);
    }

    [Fact]
    public async Task Deletes_of_positions_that_name_one_data_file_apply_to_it_alone()
    {
        var plan = await PlanAsync(
        [
            Data("mem:/d/a", 1), Data("mem:/d/b", 1), Data("mem:/d/c", 1), Data("mem:/d/z", 1),
            Positions("named", 2, referenced: "mem:/d/a"),
            Positions("by-bounds", 2, lower: "mem:/d/b", upper: "mem:/d/b"),
            Positions("range", 2, lower: "mem:/d/b", upper: "mem:/d/c"),
            Positions("from", 2, lower: "mem:/d/c"),
            Positions("cut", 2, lower: "mem:/", upper: "mem:0"),
            Positions("old", 0, referenced: "mem:/d/a"),
        ]);
        Assert.Equal(["cut@2", "named@2"], plan["mem:/d/a"]);
        Assert.Equal(["by-bounds@2", "cut@2", "range@2"], plan["mem:/d/b"]);
        Assert.Equal(["cut@2", "from@2", "range@2"], plan["mem:/d/c"]);
        Assert.Equal(["cut@2", "from@2"], plan["mem:/d/z"]);
    }

    [Fact]
    public void A_deletion_vector_replaces_deletes_of_positions_but_not_those_of_keys()
    {
        var index = Index(Vector("dv", 3, "a"), Positions("positions", 2), Positions("named", 2, referenced: "a"), Keys("keys", 4));
        Assert.Equal(["dv@3", "keys@4"], Names(index, "a", 3));
        Assert.Equal(["keys@4", "positions@2"], Names(index, "b", 1));

        // A vector is never older than the rows that it deletes.
        Assert.Empty(Names(index, "a", 4));
        Assert.Equal(4, index.Count);
    }

    [Fact]
    public void A_data_file_with_two_vectors_is_refused()
    {
        var failure = Assert.Throws<IcebergFormatException>(() => Index(Vector("dv-1", 3, "a"), Vector("dv-2", 4, "a")));
        Assert.Contains("'a' has two deletion vectors, in 'dv-1' and in 'dv-2'", failure.Message, StringComparison.Ordinal);
        Assert.Equal("dv-2", failure.Location);
        Assert.Equal("dv", Assert.Throws<IcebergFormatException>(() => Index(Vector("dv", 3, null))).Location);
    }

    [Fact]
    public void Deletes_that_name_a_data_file_of_another_partition_are_refused()
    {
        var data = Data("a", 1, 1).File;
        foreach (var delete in new[] { Vector("d", 3, "a", 2), Vector("d", 3, "a"), Positions("d", 3, 2, "a") })
        {
            var failure = Assert.Throws<IcebergFormatException>(() => Index(delete).For(data, 1));
            Assert.Contains("lies in partition", failure.Message, StringComparison.Ordinal);
            Assert.Equal("d", failure.Location);
        }

        Assert.Single(Index(Vector("d", 3, "a", 1)).For(data, 1));
    }

    [Fact]
    public void What_a_delete_file_needs_is_asked_for()
    {
        var withoutIds = Keys("k", 2) with { File = Keys("k", 2).File with { EqualityIds = null } };
        Assert.Contains("equality_ids", Assert.Throws<IcebergFormatException>(() => Index(withoutIds)).Message, StringComparison.Ordinal);
        Assert.Contains("key column 99", Assert.Throws<IcebergFormatException>(() => Index(Keys("k", 2, ids: 99))).Message, StringComparison.Ordinal);
        Assert.Contains("is a data file", Assert.Throws<IcebergFormatException>(() => Index(Data("d", 2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deletes_of_keys_are_left_out_when_no_row_can_have_such_a_key()
    {
        // Data 10 to 20 without nulls; data of nulls only; data of which nothing is known.
        var plan = await PlanAsync(
        [
            Data("values", 1, metrics: Ids(10, 20)), Data("nulls", 1, metrics: Nulls(5)), Data("unknown", 1),
            Data("both", 1, metrics: Ids(10, 20, nulls: 1)),
            Keys("below", 2, metrics: Ids(1, 9)), Keys("touching", 2, metrics: Ids(1, 10)), Keys("above", 2, metrics: Ids(21, 30)),
            Keys("null", 2, metrics: Nulls(1)), Keys("any", 2), Keys("far-and-null", 2, metrics: Ids(90, 99, nulls: 1)),
        ]);
        Assert.Equal(["any@2", "touching@2"], plan["values"]);
        Assert.Equal(["any@2", "far-and-null@2", "null@2"], plan["nulls"]);
        Assert.Equal(["above@2", "any@2", "below@2", "far-and-null@2", "null@2", "touching@2"], plan["unknown"]);
        Assert.Equal(["any@2", "far-and-null@2", "null@2", "touching@2"], plan["both"]);
    }

    [Fact]
    public async Task One_key_column_that_differs_for_certain_is_enough()
    {
        var data = Ids(10, 20) with
        {
            NullValueCounts = new([new(1, 0L), new(3, 0L)]),
            LowerBounds = new([new(1, SingleValue.ToBytes(Literal.Long(10))), new(3, "m"u8.ToArray())]),
            UpperBounds = new([new(1, SingleValue.ToBytes(Literal.Long(20))), new(3, "p"u8.ToArray())]),
        };
        var deleted = data with
        {
            LowerBounds = new([new(1, SingleValue.ToBytes(Literal.Long(10))), new(3, "q"u8.ToArray())]),
            UpperBounds = new([new(1, SingleValue.ToBytes(Literal.Long(20))), new(3, "r"u8.ToArray())]),
        };
        var plan = await PlanAsync([Data("a", 1, metrics: data), Keys("both", 2, null, deleted, 1, 3), Keys("first", 2, null, deleted, 1)]);
        Assert.Equal(["first@2"], plan["a"]);
    }

    [Fact]
    public async Task Keys_of_dropped_columns_still_delete()
    {
        var older = new Schema([.. DeltaTable.Schema.Columns, NestedField.Optional(7, "gone", IcebergType.Int)]);
        var table = await CreateAsync([Data("a", 1), Keys("keys", 2, null, null, 7)], older);
        Assert.Null(table.Schema.Find(7));
        var task = Assert.Single(await TasksAsync(table.NewScan()));
        Assert.Equal("keys", Assert.Single(task.Deletes).File.FilePath);
    }

    [Fact]
    public async Task Deletes_of_partitions_that_the_filter_rules_out_are_not_compared()
    {
        var table = await CreateAsync(
        [
            Data("one", 1, 1), Data("two", 1, 2), Keys("keys-one", 2, 1), Keys("keys-two", 2, 2), Keys("keys-all", 2), Positions("positions-two", 2, 2),
        ]);
        var scan = table.NewScan().Where(Expression.Equal("day", new DateOnly(1970, 1, 3)));
        var task = Assert.Single(await TasksAsync(scan));
        Assert.Equal(["keys-all@2", "keys-two@2", "positions-two@2"], Names(task));
        Assert.Equal((1, 1, 2, 3, 1, 3), (
            scan.Counters.FilesPlanned, scan.Counters.FilesSkipped, scan.Counters.DeleteManifestsRead, scan.Counters.DeleteFilesRead,
            scan.Counters.DeleteFilesSkipped, scan.Counters.DeletesPlanned));

        // No data file is left, so no delete is looked at.
        var none = table.NewScan().Where(Expression.Equal("day", new DateOnly(1999, 1, 1)));
        Assert.Empty(await TasksAsync(none));
        Assert.Equal((1, 1, 1, 0), (
            none.Counters.ManifestsSkipped, none.Counters.DeleteManifestsSkipped, none.Counters.DeleteManifestsRead, none.Counters.DeleteFilesRead));
    }

    [Fact]
    public async Task Removed_deletes_no_longer_apply()
    {
        var plan = await PlanAsync([Data("a", 1), Keys("kept", 2), Keys("removed", 2) with { Status = EntryStatus.Deleted }]);
        Assert.Equal(["kept@2"], plan["a"]);
    }

    [Fact]
    public async Task Encrypted_data_files_are_refused_by_name()
    {
        var secret = Data("secret", 1);
        var table = await CreateAsync([secret with { File = secret.File with { KeyMetadata = new byte[] { 1 } } }]);
        Assert.Equal("secret", (await Assert.ThrowsAsync<IcebergFormatException>(() => TasksAsync(table.NewScan()))).Location);
    }

    // The rows that remain are those of the fixtures' own description; here it is told which deletes lead to them.
    [Fact]
    public async Task Equality_deletes_that_the_java_library_wrote_apply_to_older_files_only()
    {
        var table = FixtureTable.Load("data/persistent/equality_deletes/warehouse/mydb/mytable/metadata/v7.metadata.json");
        var tasks = await TasksAsync(table.NewScan());

        // Commit 1 brings ids 1 to 4 named a to d, commit 5 ids 5 and 6 named e and f. Deleted are: in 2 the name b, in 3 the
        // id 1, in 4 the id 3 with name c, in 6 the name f, which lies outside the names of the first file.
        Assert.Equal(
            ["1: 2 3 4", "5: 6"],
            tasks.OrderBy(t => t.SequenceNumber).Select(t => $"{t.SequenceNumber}: {string.Join(' ', t.Deletes.Select(d => d.SequenceNumber).Order())}"));
    }

    [Fact]
    public async Task A_vector_of_a_version_3_table_is_planned_for_its_data_file()
    {
        const string Folder = "data/persistent/legacy_bare_deletion_vector/warehouse/default/legacy_bare_deletion_vector";
        var table = FixtureTable.Load($"{Folder}/metadata/00002-legacy-bare-dv.metadata.json");
        var task = Assert.Single(await TasksAsync(table.NewScan()));
        var delete = Assert.Single(task.Deletes);
        Assert.Equal(FileFormat.Puffin, delete.File.Format);
        Assert.Equal([1], await PvLakehouse.Iceberg.Deletes.DeletionVector.ReadAsync(table.Io, delete.File, TestTable.Cancel));
    }

    private static DeleteFileIndex Index(params ManifestEntry[] entries)
    {
        var index = new DeleteFileIndex(CreateAsync([]).GetAwaiter().GetResult().Metadata);
        foreach (var entry in entries)
        {
            index.Add(entry);
        }

        return index;
    }

    private static List<string> Names(DeleteFileIndex index, string path, long sequenceNumber) =>
        [.. index.For(Data(path, sequenceNumber).File, sequenceNumber).Select(d => $"{d.File.FilePath}@{d.SequenceNumber}").Order(StringComparer.Ordinal)];

    private static List<string> Names(FileScanTask task) =>
        [.. task.Deletes.Select(d => $"{d.File.FilePath}@{d.SequenceNumber}").Order(StringComparer.Ordinal)];

    private static async Task<Dictionary<string, List<string>>> PlanAsync(IEnumerable<ManifestEntry> entries) =>
        (await TasksAsync((await CreateAsync(entries)).NewScan())).ToDictionary(t => t.File.FilePath, Names);

    private static async Task<List<FileScanTask>> TasksAsync(TableScan scan)
    {
        var tasks = new List<FileScanTask>();
        await foreach (var task in scan.PlanFilesAsync(TestTable.Cancel))
        {
            tasks.Add(task);
        }

        return tasks;
    }
}
