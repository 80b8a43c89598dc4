using System.Text.Json;
using PvLakehouse.Iceberg.Json;

namespace PvLakehouse.Iceberg.Metadata;

/// <summary>The JSON form of snapshots, references and logs.</summary>
internal static class SnapshotJson
{
    public static Snapshot Read(JsonElement element)
    {
        var json = new JsonObjectReader(element, "a snapshot");
        var list = json.OptionalText("manifest-list");
        var manifests = json.OptionalList("manifests", path => path.GetString() ?? "");
        if (list is null && manifests is null)
        {
            throw new IcebergFormatException(
                $"Snapshot {json.SnapshotId("snapshot-id")} has neither a manifest-list nor manifests.");
        }

        return new Snapshot
        {
            SnapshotId = json.SnapshotId("snapshot-id"),
            ParentSnapshotId = json.OptionalSnapshotId("parent-snapshot-id") is { } parent && parent != -1 ? parent : null,
            SequenceNumber = json.OptionalLong("sequence-number") ?? 0,
            TimestampMs = Time(json),
            ManifestList = list,
            Manifests = list is null ? manifests : null,
            Summary = json.OptionalTexts("summary") ?? [],
            SchemaId = json.OptionalInt("schema-id"),
            FirstRowId = json.OptionalLong("first-row-id"),
            AddedRows = json.OptionalLong("added-rows"),
            KeyId = json.OptionalText("key-id"),
            Extra = json.Extra(
                "snapshot-id", "parent-snapshot-id", "sequence-number", "timestamp-ms", "manifest-list", "manifests",
                "summary", "schema-id", "first-row-id", "added-rows", "key-id"),
        };
    }

    private static long Time(JsonObjectReader json)
    {
        var ms = json.Long("timestamp-ms");
        return ms >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? ms
            : throw new IcebergFormatException($"Snapshot {json.SnapshotId("snapshot-id")} has the time {ms} ms, outside years 1 to 9999.");
    }

    public static void Write(Utf8JsonWriter writer, Snapshot snapshot)
    {
        writer.WriteStartObject();
        writer.WriteNumber("sequence-number", snapshot.SequenceNumber);
        writer.WriteNumber("snapshot-id", snapshot.SnapshotId);
        if (snapshot.ParentSnapshotId is { } parent)
        {
            writer.WriteNumber("parent-snapshot-id", parent);
        }

        writer.WriteNumber("timestamp-ms", snapshot.TimestampMs);
        if (snapshot.Summary.Count > 0)
        {
            WriteTexts(writer, "summary", snapshot.Summary);
        }

        if (snapshot.ManifestList is { } list)
        {
            writer.WriteString("manifest-list", list);
        }
        else
        {
            writer.WriteStartArray("manifests");
            foreach (var manifest in snapshot.Manifests ?? [])
            {
                writer.WriteStringValue(manifest);
            }

            writer.WriteEndArray();
        }

        if (snapshot.SchemaId is { } schemaId)
        {
            writer.WriteNumber("schema-id", schemaId);
        }

        if (snapshot.FirstRowId is { } firstRowId)
        {
            writer.WriteNumber("first-row-id", firstRowId);
        }

        if (snapshot.AddedRows is { } addedRows)
        {
            writer.WriteNumber("added-rows", addedRows);
        }

        if (snapshot.KeyId is { } keyId)
        {
            writer.WriteString("key-id", keyId);
        }

        snapshot.Extra.WriteTo(writer);
        writer.WriteEndObject();
    }

    public static SnapshotLogEntry ReadSnapshotLog(JsonElement element)
    {
        var json = new JsonObjectReader(element, "an entry of snapshot-log");
        return new SnapshotLogEntry(json.Long("timestamp-ms"), json.SnapshotId("snapshot-id"));
    }

    public static MetadataLogEntry ReadMetadataLog(JsonElement element)
    {
        var json = new JsonObjectReader(element, "an entry of metadata-log");
        return new MetadataLogEntry(json.Long("timestamp-ms"), json.Text("metadata-file"));
    }

    public static EncryptionKeyEntry ReadEncryptionKey(JsonElement element)
    {
        var json = new JsonObjectReader(element, "an encryption key");
        return new EncryptionKeyEntry(json.Text("key-id"), element.GetRawText());
    }

    public static StatisticsEntry ReadStatistics(JsonElement element)
    {
        var json = new JsonObjectReader(element, "a statistics file");
        return new StatisticsEntry(json.SnapshotId("snapshot-id"), element.GetRawText());
    }

    /// <summary>
    /// Reads branches and tags; metadata of some writers lacks main, which is the current snapshot then.
    /// </summary>
    public static Dictionary<string, SnapshotRef> ReadRefs(JsonObjectReader json, long? currentSnapshotId)
    {
        var refs = new Dictionary<string, SnapshotRef>(StringComparer.Ordinal);
        if (json.OptionalValue("refs") is { } element)
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                throw json.Wrong("refs", element, "an object");
            }

            foreach (var property in element.EnumerateObject())
            {
                refs[property.Name] = ReadRef(property.Name, property.Value);
            }
        }

        if (currentSnapshotId is { } current)
        {
            refs.TryAdd(SnapshotRef.Main, new SnapshotRef(current, SnapshotRefKind.Branch));
        }

        return refs;
    }

    public static void WriteRef(Utf8JsonWriter writer, string name, SnapshotRef reference)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("snapshot-id", reference.SnapshotId);
        writer.WriteString("type", reference.Kind == SnapshotRefKind.Branch ? "branch" : "tag");
        if (reference.MinSnapshotsToKeep is { } keep)
        {
            writer.WriteNumber("min-snapshots-to-keep", keep);
        }

        if (reference.MaxSnapshotAgeMs is { } snapshotAge)
        {
            writer.WriteNumber("max-snapshot-age-ms", snapshotAge);
        }

        if (reference.MaxRefAgeMs is { } age)
        {
            writer.WriteNumber("max-ref-age-ms", age);
        }

        reference.Extra.WriteTo(writer);
        writer.WriteEndObject();
    }

    public static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, string> texts)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in texts)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }

    private static SnapshotRef ReadRef(string name, JsonElement element)
    {
        var json = new JsonObjectReader(element, $"ref '{name}'");
        var kind = json.Text("type") switch
        {
            "branch" => SnapshotRefKind.Branch,
            "tag" when name != SnapshotRef.Main => SnapshotRefKind.Tag,
            var other => throw new IcebergFormatException($"Ref '{name}' cannot be of type '{other}'."),
        };
        return new SnapshotRef(json.SnapshotId("snapshot-id"), kind)
        {
            MinSnapshotsToKeep = json.OptionalInt("min-snapshots-to-keep"),
            MaxSnapshotAgeMs = json.OptionalLong("max-snapshot-age-ms"),
            MaxRefAgeMs = json.OptionalLong("max-ref-age-ms"),
            Extra = json.Extra("snapshot-id", "type", "min-snapshots-to-keep", "max-snapshot-age-ms", "max-ref-age-ms"),
        };
    }
}
