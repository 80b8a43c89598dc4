using PvLakehouse.Engine.Tests.Reading;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Engine.Tests.Fixtures;

/// <summary>Files that Java wrote in every encoding hold what the plain ones hold.</summary>
public sealed class ParquetEncodingTests
{
    [Theory]
    [InlineData("BYTE_STREAM_SPLIT")]
    [InlineData("DELTA_BINARY_PACKED")]
    [InlineData("DELTA_BYTE_ARRAY")]
    [InlineData("DELTA_LENGTH_BYTE_ARRAY")]
    [InlineData("PLAIN_DICTIONARY")]
    [InlineData("RLE_DICTIONARY")]
    public async Task An_encoding_holds_what_the_plain_file_holds(string encoding)
    {
        await using var reader = new FileReader([SharedFixtures.Root]);
        foreach (var path in Directory.EnumerateFiles(SharedFixtures.Path($"parquet-encodings/{encoding}"), "*.parquet"))
        {
            var name = Path.GetFileName(path);
            if (encoding is "BYTE_STREAM_SPLIT" && name[0] is ('i' or 'u'))
            {
                // Such files are of Parquet 2.11, which this DuckDB does not read; it must not read them wrong either.
                var error = await Assert.ThrowsAsync<SqlEngineException>(() => RowsAsync(path));
                Assert.Equal("BYTE_STREAM_SPLIT encoding is only supported for FLOAT or DOUBLE data.", error.Message);
                continue;
            }

            var encoded = await RowsAsync(path);
            Assert.NotEmpty(encoded);
            Assert.Equal(await RowsAsync(SharedFixtures.Path($"parquet-encodings/PLAIN/{name}")), encoded);
        }

        async Task<string[]> RowsAsync(string path)
        {
            var type = Path.GetFileName(path).Split('_', '.')[0] switch
            {
                "int32" => IcebergType.Int, "int64" => IcebergType.Long, "float" => IcebergType.Float, "double" => IcebergType.Double,
                "string" => IcebergType.String, "uuid" => IcebergType.Uuid, "boolean" => (IcebergType)IcebergType.Boolean, _ => IcebergType.Binary,
            };
            var id = int.Parse((await reader.RowsOfAsync($"SELECT coalesce(field_id, 1) FROM parquet_schema('{path}') WHERE column_id = 1"))[0], System.Globalization.CultureInfo.InvariantCulture);
            var metadata = await FileReader.MetadataAsync([new Schema([NestedField.Optional(id, "c", type)])]);
            var file = new DataFile { FilePath = path, RecordCount = 1, FileSizeInBytes = new FileInfo(path).Length };
            return await reader.ReadAsync(metadata, [FileReader.Task(file, 1)], "SELECT c FROM t");
        }
    }
}
