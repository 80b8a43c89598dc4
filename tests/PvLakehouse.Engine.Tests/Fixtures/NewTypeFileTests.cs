using PvLakehouse.Engine.Tests.Reading;
using PvLakehouse.Engine.Tests.Support;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Engine.Tests.Fixtures;

/// <summary>Variants and shapes in files that others wrote, against the encodings that came with them (shared/fixtures/iceberg).</summary>
public sealed class NewTypeFileTests
{
    private static readonly Schema Variants = new(
        [NestedField.Optional(1, "id", IcebergType.Int), NestedField.Optional(2, "var", IcebergType.Variant)]);

    /// <summary>Shredded in lists, in objects, partly and not at all; rows that have no file of their own are null.</summary>
    [Theory]
    [InlineData("case-001", 1)]
    [InlineData("case-002", 1)]
    [InlineData("case-013", 1)]
    [InlineData("case-083", 3)]
    [InlineData("case-089", 1)]
    [InlineData("case-133", 1)]
    [InlineData("case-135", 1)]
    [InlineData("case-136", 1)]
    public async Task A_shredded_variant_reads_as_the_variant_beside_it(string name, int count)
    {
        await using var reader = new FileReader([SharedFixtures.Root]);
        var rows = await ReadAsync(reader, name);

        var expected = rows.Select((_, row) => SharedFixtures.Path($"shredded-variant/{name}_row-{row}.variant.bin"))
            .Select(path => File.Exists(path) ? VariantBytes.Json(File.ReadAllBytes(path)) : "null").ToArray();

        Assert.Equal(expected, rows);
        Assert.Equal(count, rows.Index().Count(r => File.Exists(SharedFixtures.Path($"shredded-variant/{name}_row-{r.Index}.variant.bin"))));
    }

    /// <summary>The format lets readers refuse these files or be lenient; they must not harm what is read after them.</summary>
    [Theory]
    [InlineData("case-040", null)]
    [InlineData("case-042", null)]
    [InlineData("case-043-INVALID", null)]
    [InlineData("case-084-INVALID", null)]
    [InlineData("case-087", "Partially shredded objects have to encode Object Variants in the 'value'.")]
    [InlineData("case-127", "Variant shredding on type: 'UINTEGER' is not implemented.")]
    [InlineData("case-128", "Partially shredded objects have to encode Object Variants in the 'value'.")]
    [InlineData("case-137", null)]
    public async Task A_variant_that_breaks_the_rules_breaks_nothing_else(string name, string? refusal)
    {
        await using var reader = new FileReader([SharedFixtures.Root]);
        try
        {
            Assert.Single(await ReadAsync(reader, name));
            Assert.Null(refusal);
        }
        catch (SqlEngineException error)
        {
            Assert.Equal(refusal, error.Message);
        }

        Assert.Equal(["""["comedy","drama"]"""], await ReadAsync(reader, "case-001"));
    }

    /// <summary>Allowed by the format, but DuckDB would take the whole session down with it.</summary>
    [Fact]
    public async Task A_variant_without_value_is_refused_by_name()
    {
        await using var reader = new FileReader([SharedFixtures.Root]);

        var error = await Assert.ThrowsAsync<SqlEngineException>(() => ReadAsync(reader, "case-138"));

        Assert.Equal(
            $"The data file '{SharedFixtures.Path("shredded-variant/case-138.parquet")}' cannot be read as the table asks. Field 'var' is a variant "
            + "made of metadata, typed_value; DuckDB reads only such that begin with metadata and value.",
            error.Message);
        Assert.Equal(["""["comedy","drama"]"""], await ReadAsync(reader, "case-001"));
    }

    /// <summary>Each row has its shape also as text, by the writer of the file.</summary>
    [Theory]
    [InlineData("geospatial", "geometry")]
    [InlineData("geospatial-with-nan", "geometry")]
    [InlineData("crs-default", "geometry")]
    [InlineData("crs-arbitrary-value", "geometry(anything)")]
    [InlineData("crs-projjson", "geometry(projjson:projjson_epsg_5070)")]
    [InlineData("crs-srid", "geometry(srid:5070)")]
    [InlineData("crs-geography", "geography")]
    public async Task A_shape_is_its_well_known_binary(string name, string type)
    {
        await using var reader = new FileReader([SharedFixtures.Root]);
        var path = SharedFixtures.Path($"geo-parquet/{name}.parquet");
        var columns = await reader.RowsOfAsync($"SELECT name FROM parquet_schema('{path}') WHERE column_id > 0 ORDER BY column_id");

        // The files have no ids: their columns are found by their places.
        var metadata = await FileReader.MetadataAsync([new Schema([.. columns.Select((column, i) => NestedField.Optional(
            i + 1, column, column.StartsWith("geo", StringComparison.Ordinal) ? IcebergType.Parse(type) : IcebergType.String))])]);

        var rows = await reader.ReadAsync(metadata, [FileReader.Task(Of(path), 1)], $"SELECT wkt, {columns[^1]} FROM t");

        Assert.NotEmpty(rows);
        Assert.All(rows, row =>
        {
            var (text, hex) = (row.Split('|')[0], row.Split('|')[1]);
            if (text is "null")
            {
                Assert.Equal("null", hex);
            }
            else
            {
                Assert.Equal(text, WkbText.Of(Convert.FromHexString(hex["hex:".Length..])));
            }
        });
    }

    /// <summary>Spark's file changes within a column from dictionary pages to plain ones.</summary>
    [Fact]
    public async Task Decimals_in_dictionary_and_plain_pages_are_read()
    {
        await using var reader = new FileReader([SharedFixtures.Root]);
        var metadata = await FileReader.MetadataAsync([new Schema([NestedField.Optional(1, "id", IcebergType.Decimal(38, 0))])]);
        var file = Of(SharedFixtures.Path("misc/decimal_dict_and_plain_encoding.parquet"));

        Assert.Equal(["400|0"], await reader.ReadAsync(metadata, [FileReader.Task(file, 1)], "SELECT count(*), count_if(id IS NULL) FROM t"));
    }

    private static async Task<string[]> ReadAsync(FileReader reader, string name) => await reader.ReadAsync(
        await FileReader.MetadataAsync([Variants]), [FileReader.Task(Of(SharedFixtures.Path($"shredded-variant/{name}.parquet")), 1)],
        "SELECT var FROM t ORDER BY id");

    private static DataFile Of(string path) => new() { FilePath = path, RecordCount = 1, FileSizeInBytes = new FileInfo(path).Length };
}
