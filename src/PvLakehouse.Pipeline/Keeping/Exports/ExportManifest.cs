using System.Text.Json;
using System.Text.Json.Serialization;

namespace PvLakehouse.Pipeline.Keeping.Exports;

/// <summary>What an export holds; <c>manifest.json</c> beside its files.</summary>
/// <param name="ExportedAt">When the heads of the tables were read.</param>
/// <param name="Format">csv, parquet or duckdb.</param>
/// <param name="Tables">The tables.</param>
public sealed record ExportManifest(DateTimeOffset ExportedAt, string Format, IReadOnlyList<ExportedTable> Tables);

/// <summary>One exported table.</summary>
/// <param name="Table">Layer and name.</param>
/// <param name="SnapshotId">The snapshot that was exported; null for a table without rows yet.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="File">The file in the folder.</param>
/// <param name="Bytes">Its length [bytes].</param>
/// <param name="Sha256">SHA-256 of the file, in lower-case hexadecimal digits.</param>
public sealed record ExportedTable(string Table, long? SnapshotId, long Rows, string File, long Bytes, string Sha256);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(ExportManifest))]
internal sealed partial class ExportJson : JsonSerializerContext;
