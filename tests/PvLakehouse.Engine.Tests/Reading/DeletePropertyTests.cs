using CsCheck;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using static PvLakehouse.Engine.Tests.Reading.FileReader;

namespace PvLakehouse.Engine.Tests.Reading;

/// <summary>Random files under random deletes give the rows that a plain list of rows gives.</summary>
public sealed class DeletePropertyTests
{
    private static readonly Schema Schema = new(
        [NestedField.Optional(1, "id", IcebergType.Long), NestedField.Optional(2, "key", IcebergType.Long)]);

    /// <summary>A file: its age and the keys of its rows; -1 is null.</summary>
    private static readonly Gen<(int Age, int[] Keys)> Files = Gen.Select(Gen.Int[0, 5], Gen.Int[-1, 6].Array[0, 12]);

    /// <summary>Deletes: age, files and places of position deletes, keys of equality deletes.</summary>
    private static readonly Gen<(int Age, (int File, int Place)[] Places, int[] Keys)> Deletes =
        Gen.Select(Gen.Int[0, 5], Gen.Select(Gen.Int[0, 5], Gen.Int[0, 11]).Array[0, 6], Gen.Int[-1, 6].Array[0, 2]);

    [Fact]
    public async Task Live_rows_are_those_of_a_plain_model() =>
        await Gen.Select(Files.Array[1, 5], Deletes.Array[0, 4]).SampleAsync(CheckAsync, iter: 40, threads: 1);

    private static async Task CheckAsync((int Age, int[] Keys)[] files, (int Age, (int File, int Place)[] Places, int[] Keys)[] deletes)
    {
        await using var reader = new FileReader();
        var metadata = await MetadataAsync([Schema]);
        var written = new List<DataFile>();
        foreach (var (index, file) in files.Index())
        {
            written.Add(await reader.WriteAsync(
                FormattableString.Invariant($"{index}.parquet"),
                FormattableString.Invariant($"SELECT {index * 100} + generate_subscripts(k, 1) - 1 AS id, nullif(unnest(k), -1) AS key FROM (SELECT [{string.Join(", ", file.Keys)}]::BIGINT[] AS k)"),
                "id: 1, key: 2"));
        }

        var places = new List<(DataFile File, long Age)>();
        var keys = new List<(DataFile File, long Age)>();
        foreach (var (index, delete) in deletes.Index())
        {
            (DataFile, long)[] named = [.. delete.Places.Where(p => p.File < files.Length).Select(p => (written[p.File], (long)p.Place))];
            if (named.Length > 0)
            {
                places.Add((await reader.DeletePositionsAsync(FormattableString.Invariant($"p{index}.parquet"), named), delete.Age));
            }

            if (delete.Keys.Length > 0)
            {
                var rows = FormattableString.Invariant($"SELECT nullif(unnest([{string.Join(", ", delete.Keys)}]::BIGINT[]), -1) AS key");
                keys.Add((await reader.DeleteKeysAsync(FormattableString.Invariant($"k{index}.parquet"), rows, "key: 2", 2), delete.Age));
            }
        }

        // The rules of the specification: places apply to rows of their age or older, keys to older rows only.
        var tasks = written.Zip(files, (file, f) => Task(
            file, f.Age, [.. places.Where(p => f.Age <= p.Age), .. keys.Where(k => f.Age < k.Age)])).ToList();
        var actual = await reader.ReadAsync(metadata, tasks, "SELECT id FROM t ORDER BY id");

        var expected = files.SelectMany((f, file) => f.Keys.Index()
            .Where(row => !deletes.Any(d => f.Age <= d.Age && d.Places.Contains((file, row.Index))) && !deletes.Any(d => f.Age < d.Age && d.Keys.Contains(row.Item)))
            .Select(row => (file * 100) + row.Index)).Order().Select(id => FormattableString.Invariant($"{id}"));
        Assert.Equal(expected, actual);
    }
}
