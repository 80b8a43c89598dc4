using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PvLakehouse.Iceberg.Maintenance.Relocation;

/// <summary>Table metadata with every location in it changed; members that nobody knows stay as they are.</summary>
internal static class MovedMetadata
{
    /// <summary>Properties of a table whose values are locations.</summary>
    private static readonly string[] Properties =
        ["write.data.path", "write.metadata.path", "write.object-storage.path", "write.folder-storage.path"];

    /// <summary>Changes a metadata file.</summary>
    /// <param name="bytes">The file, plain or gzip.</param>
    /// <param name="location">Where it was read, for messages.</param>
    /// <param name="move">Where a location goes.</param>
    /// <param name="keepsLog">Whether an earlier metadata file is taken along; others leave the log.</param>
    /// <returns>The new file, gzip when the old one is.</returns>
    /// <exception cref="IcebergFormatException">The bytes are no table metadata.</exception>
    public static byte[] Of(byte[] bytes, string location, Func<string, string> move, Func<string, bool> keepsLog)
    {
        var isGzip = bytes is [0x1f, 0x8b, ..];
        var root = Parse(isGzip ? Unpack(bytes) : bytes, location);
        Change(root, "location", move);
        foreach (var snapshot in Objects(root, "snapshots"))
        {
            Change(snapshot, "manifest-list", move);
            if (snapshot["manifests"] is JsonArray manifests)
            {
                snapshot["manifests"] = new JsonArray([.. manifests.Select(m => JsonValue.Create(move(m!.GetValue<string>())))]);
            }
        }

        foreach (var statistics in Objects(root, "statistics").Concat(Objects(root, "partition-statistics")))
        {
            Change(statistics, "statistics-path", move);
        }

        if (root["metadata-log"] is JsonArray log)
        {
            foreach (var entry in log.OfType<JsonObject>().Where(e => !keepsLog(FileOf(e))).ToList())
            {
                log.Remove(entry);
            }

            foreach (var entry in log.OfType<JsonObject>())
            {
                Change(entry, "metadata-file", move);
            }
        }

        foreach (var property in Properties)
        {
            if (root["properties"] is JsonObject properties)
            {
                Change(properties, property, move);
            }
        }

        var plain = JsonSerializer.SerializeToUtf8Bytes(root, NodeJson.Default.JsonObject);
        return isGzip ? Pack(plain) : plain;
    }

    private static string FileOf(JsonObject entry) => entry["metadata-file"]?.GetValue<string>() ?? "";

    private static JsonObject Parse(byte[] plain, string location)
    {
        try
        {
            return JsonNode.Parse(plain) as JsonObject ?? throw new IcebergFormatException("The metadata are no JSON object.", location);
        }
        catch (JsonException e)
        {
            throw new IcebergFormatException($"The metadata are no JSON: {e.Message}", location, e);
        }
    }

    private static IEnumerable<JsonObject> Objects(JsonObject root, string name) =>
        root[name] is JsonArray items ? items.OfType<JsonObject>() : [];

    private static void Change(JsonObject owner, string name, Func<string, string> move)
    {
        if (owner[name] is JsonValue value && value.TryGetValue<string>(out var location) && location.Length > 0)
        {
            owner[name] = move(location);
        }
    }

    private static byte[] Unpack(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    private static byte[] Pack(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonObject))]
internal sealed partial class NodeJson : System.Text.Json.Serialization.JsonSerializerContext;
