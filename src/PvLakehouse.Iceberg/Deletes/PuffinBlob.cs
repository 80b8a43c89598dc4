using System.Text.Json;
using PvLakehouse.Iceberg.Json;

namespace PvLakehouse.Iceberg.Deletes;

/// <summary>What the footer of a Puffin file says of one blob.</summary>
/// <param name="Type">Kind of the content, for example <c>deletion-vector-v1</c>.</param>
/// <param name="Fields">Ids of the columns that it was computed from.</param>
/// <param name="SnapshotId">The snapshot that it was computed from; −1 when it is inherited.</param>
/// <param name="SequenceNumber">Sequence number of that snapshot; −1 when it is inherited.</param>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Length">Its length in the file [bytes].</param>
/// <param name="CompressionCodec"><c>lz4</c> or <c>zstd</c>; null when it is not compressed.</param>
/// <param name="Properties">Properties of the blob, such as <c>referenced-data-file</c>.</param>
public sealed record PuffinBlob(
    string Type,
    IReadOnlyList<int> Fields,
    long SnapshotId,
    long SequenceNumber,
    long Offset,
    long Length,
    string? CompressionCodec,
    IReadOnlyDictionary<string, string> Properties)
{
    /// <param name="element">The JSON form.</param>
    /// <param name="end">Where blobs end in the file.</param>
    internal static PuffinBlob Read(JsonElement element, long end)
    {
        var json = new JsonObjectReader(element, "a blob of a Puffin footer");
        var (type, offset, length) = (json.Text("type"), json.Long("offset"), json.Long("length"));
        if (offset < 0 || length < 0 || length > end - offset)
        {
            throw new IcebergFormatException(
                $"Blob '{type}' should be {length} bytes at {offset}, but blobs end at {end}.");
        }

        return new PuffinBlob(
            type,
            json.List("fields", id => id.GetInt32()),
            json.SnapshotId("snapshot-id"),
            json.Long("sequence-number"),
            offset,
            length,
            json.OptionalText("compression-codec"),
            json.OptionalTexts("properties") ?? []);
    }
}
