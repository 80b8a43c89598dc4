using PvLakehouse.Iceberg.Avro;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>Writes manifest entries in the order of the fields of <see cref="ManifestSchemas.Manifest"/>.</summary>
internal sealed class ManifestEntryEncoder(StructType partitionType)
{
    private readonly PrimitiveType[] _partition = [.. partitionType.Fields.Select(f => (PrimitiveType)f.Type)];

    public void Encode(AvroEncoder encoder, ManifestEntry entry)
    {
        var file = entry.File;
        if (file.FirstRowId is not null || file.ContentOffset is not null || file.ContentSizeInBytes is not null)
        {
            throw new NotSupportedException(
                $"File '{file.FilePath}' has a row id or is a deletion vector, which manifests of format version 2 "
                + "cannot hold.");
        }

        encoder.WriteLong((int)entry.Status);
        WriteOptional(encoder, entry.SnapshotId);
        WriteOptional(encoder, entry.SequenceNumber);
        WriteOptional(encoder, entry.FileSequenceNumber);
        encoder.WriteLong((int)file.Content);
        encoder.WriteString(file.FilePath);
        encoder.WriteString(FileFormats.Print(file.Format));
        WritePartition(encoder, file);
        encoder.WriteLong(file.RecordCount);
        encoder.WriteLong(file.FileSizeInBytes);
        WriteLongs(encoder, file.Metrics.ColumnSizes);
        WriteLongs(encoder, file.Metrics.ValueCounts);
        WriteLongs(encoder, file.Metrics.NullValueCounts);
        WriteLongs(encoder, file.Metrics.NanValueCounts);
        WriteBytes(encoder, file.Metrics.LowerBounds);
        WriteBytes(encoder, file.Metrics.UpperBounds);
        WriteOptional(encoder, file.KeyMetadata);
        WriteArray(encoder, file.SplitOffsets);
        WriteArray(encoder, file.EqualityIds?.Select(id => (long)id).ToList());
        WriteOptional(encoder, file.SortOrderId);
        WriteOptional(encoder, file.ReferencedDataFile);
    }

    private void WritePartition(AvroEncoder encoder, DataFile file)
    {
        if (file.Partition.Count != _partition.Length)
        {
            throw new ArgumentException(
                $"File '{file.FilePath}' has {file.Partition.Count} partition values; spec {file.SpecId} has "
                + $"{_partition.Length} fields.",
                nameof(file));
        }

        for (var i = 0; i < _partition.Length; i++)
        {
            if (file.Partition[i] is not { } value)
            {
                encoder.WriteLong(0);
                continue;
            }

            if (value.Type != _partition[i] && !value.TryConvertTo(_partition[i], out value))
            {
                throw new ArgumentException(
                    $"File '{file.FilePath}' has the partition value {file.Partition[i]} of type "
                    + $"{file.Partition[i]!.Value.Type}; "
                    + $"expected {_partition[i]}.",
                    nameof(file));
            }

            encoder.WriteLong(1);
            WriteValue(encoder, value);
        }
    }

    private static void WriteValue(AvroEncoder encoder, Literal value)
    {
        switch (value.Type.Kind)
        {
            case TypeKind.Boolean:
                encoder.WriteBoolean(value.AsBoolean);
                break;
            case TypeKind.Float:
                encoder.WriteFloat((float)value.AsDouble);
                break;
            case TypeKind.Double:
                encoder.WriteDouble(value.AsDouble);
                break;
            case TypeKind.String:
                encoder.WriteString(value.AsString);
                break;
            case TypeKind.Binary:
                encoder.WriteBytes(value.AsBytes.Span);
                break;
            case TypeKind.Fixed or TypeKind.Uuid:
                encoder.WriteFixed(SingleValue.ToBytes(value));
                break;
            case TypeKind.Decimal:
                WriteDecimal(encoder, value);
                break;
            default:
                encoder.WriteLong(value.AsLong);
                break;
        }
    }

    /// <summary>Two's complement, big-endian, filled up with the sign to the width of the type.</summary>
    private static void WriteDecimal(AvroEncoder encoder, Literal value)
    {
        var digits = SingleValue.ToBytes(value);
        Span<byte> bytes = stackalloc byte[ManifestSchemas.DecimalBytes(value.Type.Precision)];
        bytes.Fill(value.AsUnscaled.Sign < 0 ? (byte)0xff : (byte)0);
        digits.CopyTo(bytes[^digits.Length..]);
        encoder.WriteFixed(bytes);
    }

    private static void WriteOptional(AvroEncoder encoder, long? value)
    {
        encoder.WriteLong(value is null ? 0 : 1);
        if (value is { } number)
        {
            encoder.WriteLong(number);
        }
    }

    private static void WriteOptional(AvroEncoder encoder, string? value)
    {
        encoder.WriteLong(value is null ? 0 : 1);
        if (value is not null)
        {
            encoder.WriteString(value);
        }
    }

    internal static void WriteOptional(AvroEncoder encoder, ReadOnlyMemory<byte>? value)
    {
        encoder.WriteLong(value is null ? 0 : 1);
        if (value is { } bytes)
        {
            encoder.WriteBytes(bytes.Span);
        }
    }

    private static void WriteLongs(AvroEncoder encoder, FieldMap<long> map)
    {
        if (!BeginMap(encoder, map.Count))
        {
            return;
        }

        foreach (var (id, value) in map)
        {
            encoder.WriteLong(id);
            encoder.WriteLong(value);
        }

        encoder.WriteLong(0);
    }

    private static void WriteBytes(AvroEncoder encoder, FieldMap<ReadOnlyMemory<byte>> map)
    {
        if (!BeginMap(encoder, map.Count))
        {
            return;
        }

        foreach (var (id, value) in map)
        {
            encoder.WriteLong(id);
            encoder.WriteBytes(value.Span);
        }

        encoder.WriteLong(0);
    }

    /// <summary>An empty map is written as null: both mean that nothing is known.</summary>
    private static bool BeginMap(AvroEncoder encoder, int count)
    {
        encoder.WriteLong(count == 0 ? 0 : 1);
        if (count > 0)
        {
            encoder.WriteLong(count);
        }

        return count > 0;
    }

    private static void WriteArray(AvroEncoder encoder, IReadOnlyList<long>? values)
    {
        encoder.WriteLong(values is null ? 0 : 1);
        if (values is null)
        {
            return;
        }

        if (values.Count > 0)
        {
            encoder.WriteLong(values.Count);
            foreach (var value in values)
            {
                encoder.WriteLong(value);
            }
        }

        encoder.WriteLong(0);
    }
}
