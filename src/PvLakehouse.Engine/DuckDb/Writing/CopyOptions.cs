using System.Globalization;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Engine.DuckDb.Writing;

/// <summary>The options of COPY that come from a table's schema and properties.</summary>
internal static class CopyOptions
{
    private const string CodecProperty = "write.parquet.compression-codec";
    private const string LevelProperty = "write.parquet.compression-level";

    /// <summary>Format, compression, field ids and footer of a data file.</summary>
    /// <exception cref="SqlEngineException">A table property has a value that is not known.</exception>
    public static string Of(WritableTable table) => $$"""
        FORMAT parquet, {{Compression(table)}}, RETURN_STATS true,
        FIELD_IDS {{FieldIds.Of(table.Schema)}},
        KV_METADATA {'iceberg.schema': {{SqlText.Literal(table.Schema.ToJson())}}}
        """;

    /// <summary>Size that data files should have [bytes].</summary>
    public static long TargetFileSize(WritableTable table)
    {
        if (!table.Metadata.Properties.TryGetValue(TableProperties.TargetFileSize, out var text))
        {
            return TableProperties.DefaultTargetFileSize;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0
            ? size
            : throw new SqlEngineException(
                $"Table property '{TableProperties.TargetFileSize}' of {table.Identifier} is '{text}'; "
                + "expected a number of bytes above 0.");
    }

    private static string Compression(WritableTable table)
    {
        var codec = table.Metadata.Properties.GetValueOrDefault(CodecProperty, "zstd").ToUpperInvariant();
        var known = codec switch
        {
            "ZSTD" or "SNAPPY" or "GZIP" or "BROTLI" or "UNCOMPRESSED" => codec,
            "NONE" => "UNCOMPRESSED",
            "LZ4" => "LZ4_RAW",
            _ => throw new SqlEngineException(
                $"Table property '{CodecProperty}' of {table.Identifier} is '{codec}'; "
                + "expected zstd, snappy, gzip, brotli, lz4 or uncompressed."),
        };
        return known is "ZSTD" && table.Metadata.Properties.TryGetValue(LevelProperty, out var level)
            && int.TryParse(level, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? FormattableString.Invariant($"COMPRESSION {known}, COMPRESSION_LEVEL {number}")
                : $"COMPRESSION {known}";
    }
}
