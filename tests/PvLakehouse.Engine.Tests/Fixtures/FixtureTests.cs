using System.Globalization;
using System.Text.Json;
using PvLakehouse.Engine.DuckDb;
using PvLakehouse.Engine.Tests.Reading;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Engine.Tests.Fixtures;

/// <summary>Tables that other implementations wrote read as their own tests say (shared/fixtures/iceberg/expected.json).</summary>
public sealed class FixtureTests : IAsyncDisposable
{
    private static readonly string[] Names =
    [
        "case_sensitive_names", "equality_delete_extra_column", "equality_deletes.mytable", "map_stats", "legacy_bare_deletion_vector",
        "custom_write_paths", "expression_filter", "iceberg_v1_deprecated", "iceberg_v1_existing", "iceberg_v1_upgraded_to_v3",
        "timestamptz_ns", "uuid", "partition_bigint", "partition_binary", "partition_bool", "partition_decimal_bigint",
        "partition_decimal_integer", "partition_decimal_smallint", "partition_double", "partition_float", "partition_integer",
        "partition_fixed_length_binary", "partition_timestamp", "add_columns_with_defaults", "add_columns_with_defaults_in_struct",
        "name_mapping v3", "name_mapping v3.1", "name_mapping v3.2", "name_mapping v4", "name_mapping v4.1", "name_mapping v7",
        "lineitem_iceberg v1", "lineitem_iceberg v2",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("pvlake-fixtures-").FullName;
    private readonly List<DuckDbEngine> _engines = [];

    public static TheoryData<string> Cases => [.. Names];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_table_of_others_reads_as_they_say(string name)
    {
        var expected = Find(name);
        var folder = SharedFixtures.Path(expected.TryGetProperty("cwd", out var cwd) ? cwd.GetString()! : "");
        var metadata = Path.GetRelativePath(folder, SharedFixtures.Path(expected.GetProperty("metadata").GetString()!));
        var table = await StaticTable.LoadAsync(new RelativeFileIO(folder), metadata, cancellationToken: Cancel);
        var scan = expected.TryGetProperty("snapshot", out var snapshot) ? table.NewScan().UseSnapshot(snapshot.GetInt64()) : table.NewScan();
        var tasks = new List<FileScanTask>();
        await foreach (var task in scan.PlanFilesAsync(Cancel))
        {
            // The files were edited after the manifests were written, so they are opened in place, where sizes do not count.
            tasks.Add(task with { File = In(folder, task.File), Deletes = [.. task.Deletes.Select(d => d with { File = In(folder, d.File) })] });
        }

        await using var reader = new FileReader([SharedFixtures.Root]);
        Task<string[]> ReadAsync(string query) => reader.ReadAsync(table.Metadata, tasks, query, scan.Schema, table.Io);

        if (expected.TryGetProperty("rows", out var rows))
        {
            var columns = name switch
            {
                "add_columns_with_defaults" => "* EXCLUDE (col1, col_uuid)",
                "add_columns_with_defaults_in_struct" => "unnest(a)",
                _ => "*",
            };
            Assert.Equal(Sorted(rows.EnumerateArray().Select(r => Row(r, floats: name is "partition_double"))), Sorted(await ReadAsync($"SELECT {columns} FROM t")));
        }

        if (expected.TryGetProperty("total_rows", out var total))
        {
            Assert.Equal([total.GetRawText()], await ReadAsync("SELECT count(*) FROM t"));
        }

        if (expected.TryGetProperty("count_where", out var counts))
        {
            foreach (var count in counts.EnumerateObject())
            {
                Assert.Equal([count.Value.GetRawText()], await ReadAsync($"SELECT count(*) FROM t WHERE {count.Name}"));
            }
        }
    }

    [Fact]
    public void No_case_is_forgotten()
    {
        // generated_bounds has no data files; its planning is tested with the library.
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFixtures.Path("expected.json")));
        var all = document.RootElement.EnumerateArray().Select(c => c.GetProperty("name").GetString()!);
        Assert.Equal(all.Where(n => n != "generated_bounds").Order(StringComparer.Ordinal), Names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_filter_by_uuid_prunes_the_file_that_cannot_hold_it()
    {
        await using var session = await OpenAsync("", Find("uuid").GetProperty("metadata").GetString()!);
        var result = await session.QueryAsync(
            "SELECT count(*) FROM iceberg.files.t WHERE uuid = '1571effb-facd-42a3-90e9-0af522e9b6c2'", null, Cancel);
        Assert.Equal(new ScanStatistics(1, 1), result.Scan);
        Assert.Equal(1L, (await result.ToListAsync(Cancel))[0][0]);
    }

    [Fact]
    public async Task A_filter_on_a_table_of_version_1_finds_its_row()
    {
        await using var session = await OpenAsync("", Find("iceberg_v1_deprecated").GetProperty("metadata").GetString()!);
        Assert.Equal(["2"], await RowsAsync(session, "SELECT id FROM iceberg.files.t WHERE category = 'beta'"));
    }

    /// <summary>TPC-H query 6 of the table that Spark deleted rows from by copy-on-write.</summary>
    [Fact]
    public async Task A_query_over_line_items_gives_the_known_revenue()
    {
        await using var session = await OpenAsync("data/persistent/iceberg", "lineitem_iceberg/metadata/v2.metadata.json");
        Assert.Equal(["1077536.9101"], await RowsAsync(session, """
            SELECT sum(l_extendedprice * l_discount) FROM iceberg.files.t
            WHERE l_shipdate >= DATE '1994-01-01' AND l_shipdate < DATE '1995-01-01' AND l_discount BETWEEN 0.05 AND 0.07 AND l_quantity < 24
            """));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _engines)
        {
            await engine.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The file by its place on this machine; map_stats names file://data/..., which is no valid URI but what its writer made.</summary>
    private static DataFile In(string folder, DataFile file) => file with
    {
        FilePath = Path.Combine(folder, file.FilePath.Replace("file://", "", StringComparison.Ordinal)),
    };

    private static JsonElement Find(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFixtures.Path("expected.json")));
        return document.RootElement.EnumerateArray().First(c => c.GetProperty("name").GetString() == name).Clone();
    }

    private async Task<ISqlSession> OpenAsync(string folder, string metadata)
    {
        var table = await StaticTable.LoadAsync(
            new RelativeFileIO(SharedFixtures.Path(folder)), metadata, TableIdentifier.Parse("files.t"), Cancel);
        var engine = new DuckDbEngine(table.Catalog, new DuckDbEngineOptions { TemporaryFolder = _folder, AllowedFolders = [], Threads = 2 });
        _engines.Add(engine);
        return await engine.OpenSessionAsync(Cancel);
    }

    private static async Task<string[]> RowsAsync(ISqlSession session, string sql)
    {
        var result = await session.QueryAsync(sql, null, Cancel);
        return [.. (await result.ToListAsync(Cancel)).Select(r => string.Join('|', r.Select(Values.Text)))];
    }

    private static string[] Sorted(IEnumerable<string> rows) => [.. rows.Order(StringComparer.Ordinal)];

    /// <param name="row">The row.</param>
    /// <param name="floats">Whether numbers are given in more digits than the table's type, float, has.</param>
    private static string Row(JsonElement row, bool floats) => string.Join('|', row.EnumerateArray().Select(v => Value(v, floats)));

    private static string Value(JsonElement value, bool floats) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.String when value.GetString()!.StartsWith("utf8:", StringComparison.Ordinal) =>
            $"hex:{Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(value.GetString()![5..]))}",
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number when value.TryGetInt64(out var whole) => whole.ToString(CultureInfo.InvariantCulture),
        JsonValueKind.Number when floats => value.GetSingle().ToString("R", CultureInfo.InvariantCulture),
        JsonValueKind.Number => value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        JsonValueKind.Object => $"{{{string.Join(", ", value.EnumerateObject().Select(p => $"{p.Name}={Value(p.Value, floats)}"))}}}",
        _ => value.GetRawText(),
    };
}
