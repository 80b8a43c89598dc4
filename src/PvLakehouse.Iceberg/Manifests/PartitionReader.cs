using System.Numerics;
using PvLakehouse.Iceberg.Avro;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>Reads partition tuples: fields by id, values as the types that the spec expects.</summary>
internal static class PartitionReader
{
    /// <summary>Makes a reader for the writer's partition record.</summary>
    /// <param name="schema">The writer's schema of the tuple.</param>
    /// <param name="partitionType">Fields in the order of the spec.</param>
    public static ValueReader<PartitionValues> For(AvroSchema schema, StructType partitionType)
    {
        if (schema is not AvroRecord record)
        {
            throw ValueReaders.Unexpected("partition", "a record");
        }

        var readers = record.Fields.Select(field =>
        {
            var position = partitionType.Fields.ToList().FindIndex(f => f.Id == field.FieldId);
            var expected = position < 0 ? null : (PrimitiveType)partitionType.Fields[position].Type;
            return (Position: position, Read: Value(field.Type, field.Name), Expected: expected);
        }).ToArray();
        var count = partitionType.Fields.Count;
        return (ref d) =>
        {
            var values = new Literal?[count];
            foreach (var (position, read, expected) in readers)
            {
                var value = read(ref d);
                if (expected is not null)
                {
                    values[position] = value is { } v ? Coerce(v, expected) : null;
                }
            }

            return count == 0 ? PartitionValues.None : new PartitionValues(values);
        };
    }

    private static ValueReader<Literal?> Value(AvroSchema schema, string field) => schema switch
    {
        AvroUnion union => ValueReaders.InUnion(union, branch => Value(branch, field)),
        AvroPrimitive primitive => Primitive(primitive, field),
        AvroFixed { LogicalType: "decimal", Precision: > 0 and <= 38 } f => (ref d) =>
            Literal.Decimal(Unscaled(d.ReadFixed(f.Size)), f.Precision, f.Scale),
        AvroFixed { LogicalType: "uuid", Size: 16 } => static (ref d) => Literal.Uuid(new Guid(d.ReadFixed(16), bigEndian: true)),
        AvroFixed f => (ref d) => Literal.Fixed(d.ReadFixed(f.Size)),
        _ => throw ValueReaders.Unexpected(field, "a primitive partition value"),
    };

    private static ValueReader<Literal?> Primitive(AvroPrimitive schema, string field)
    {
        switch (schema.Kind)
        {
            case AvroPrimitiveKind.Boolean:
                return static (ref d) => Literal.Boolean(d.ReadBoolean());
            case AvroPrimitiveKind.Int:
                return schema.LogicalType == "date"
                    ? static (ref d) => Literal.Whole(IcebergType.Date, d.ReadInt())
                    : static (ref d) => Literal.Int(d.ReadInt());
            case AvroPrimitiveKind.Long:
                var type = schema.LogicalType switch
                {
                    "time-micros" => IcebergType.Time,
                    "timestamp-micros" => schema.AdjustToUtc ? IcebergType.TimestampTz : IcebergType.Timestamp,
                    "timestamp-nanos" => schema.AdjustToUtc ? IcebergType.TimestampTzNs : IcebergType.TimestampNs,
                    _ => IcebergType.Long,
                };
                return (ref d) => Literal.Whole(type, d.ReadLong());
            case AvroPrimitiveKind.Float:
                return static (ref d) => Literal.Float(d.ReadFloat());
            case AvroPrimitiveKind.Double:
                return static (ref d) => Literal.Double(d.ReadDouble());
            case AvroPrimitiveKind.String:
                return static (ref d) => Literal.String(d.ReadString());
            case AvroPrimitiveKind.Bytes:
                return schema is { LogicalType: "decimal", Precision: > 0 and <= 38 }
                    ? (ref d) => Literal.Decimal(Unscaled(d.ReadBytes()), schema.Precision, schema.Scale)
                    : static (ref d) => Literal.Binary(d.ReadBytes());
            default:
                throw ValueReaders.Unexpected(field, "a primitive partition value");
        }
    }

    /// <summary>
    /// Brings a value to the expected type; one that cannot be brought there keeps its own (its source column may be
    /// gone).
    /// </summary>
    private static Literal Coerce(Literal value, PrimitiveType expected)
    {
        if (value.Type == expected)
        {
            return value;
        }

        return (value.Type.Kind, expected.Kind) switch
        {
            (TypeKind.Int or TypeKind.Long or TypeKind.Date or TypeKind.Time, _)
                when expected.Kind is TypeKind.Int or TypeKind.Long or TypeKind.Date or TypeKind.Time || expected.IsTimestamp =>
                Literal.Whole(expected, value.AsLong),

            // adjust-to-utc is Iceberg's own attribute; writers that go through plain Avro lose it.
            (TypeKind.Timestamp, TypeKind.TimestampTz) or (TypeKind.TimestampTz, TypeKind.Timestamp)
                or (TypeKind.TimestampNs, TypeKind.TimestampTzNs) or (TypeKind.TimestampTzNs, TypeKind.TimestampNs) =>
                Literal.Whole(expected, value.AsLong),
            (TypeKind.Fixed, TypeKind.Uuid) when value.AsBytes.Length == 16 =>
                Literal.Uuid(new Guid(value.AsBytes.Span, bigEndian: true)),
            (TypeKind.Fixed or TypeKind.Binary, TypeKind.Decimal) when value.AsBytes.Length is > 0 and <= 16 =>
                Literal.Decimal(Unscaled(value.AsBytes.Span), expected.Precision, expected.Scale),
            _ => value.TryConvertTo(expected, out var converted) ? converted : value,
        };
    }

    private static BigInteger Unscaled(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: false, isBigEndian: true);
}
