using System.Globalization;
using System.Text.RegularExpressions;

namespace PvLakehouse.Iceberg.Spec;

/// <summary>Reads and prints the text form of types.</summary>
internal static partial class TypeText
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    public static PrimitiveType Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text switch
        {
            "boolean" => IcebergType.Boolean,
            "int" => IcebergType.Int,
            "long" => IcebergType.Long,
            "float" => IcebergType.Float,
            "double" => IcebergType.Double,
            "date" => IcebergType.Date,
            "time" => IcebergType.Time,
            "timestamp" => IcebergType.Timestamp,
            "timestamptz" => IcebergType.TimestampTz,
            "timestamp_ns" => IcebergType.TimestampNs,
            "timestamptz_ns" => IcebergType.TimestampTzNs,
            "string" => IcebergType.String,
            "uuid" => IcebergType.Uuid,
            "binary" => IcebergType.Binary,
            _ => ParseParameters(text),
        };
    }

    public static string Print(IcebergType type) => type switch
    {
        PrimitiveType { Kind: TypeKind.Decimal } d => $"decimal({Number(d.Precision)}, {Number(d.Scale)})",
        PrimitiveType { Kind: TypeKind.Fixed } f => $"fixed[{Number(f.Length)}]",
        PrimitiveType { Kind: TypeKind.TimestampNs } => "timestamp_ns",
        PrimitiveType { Kind: TypeKind.TimestampTzNs } => "timestamptz_ns",
#pragma warning disable CA1308 // The specification spells type names in lower case.
        PrimitiveType p => p.Kind.ToString().ToLowerInvariant(),
#pragma warning restore CA1308
        StructType s => $"struct<{string.Join(", ", s.Fields.Select(f => $"{Number(f.Id)}: {f.Name}: {f.Type}"))}>",
        ListType l => $"list<{l.Element}>",
        MapType m => $"map<{m.Key}, {m.Value}>",
        _ => throw new ArgumentException($"No text form for {type.Kind}.", nameof(type)),
    };

    private static PrimitiveType ParseParameters(string text)
    {
        if (DecimalPattern().Match(text) is { Success: true } d)
        {
            var (precision, scale) = (Number(d.Groups["precision"]), Number(d.Groups["scale"]));
            if (precision is >= 1 and <= 38 && scale <= precision)
            {
                return IcebergType.Decimal(precision, scale);
            }
        }

        if (FixedPattern().Match(text) is { Success: true } f)
        {
            return IcebergType.Fixed(Number(f.Groups["length"]));
        }

        throw new IcebergFormatException(
            $"Type '{text}' is not known here; expected a primitive type of format version 1 or 2, such as long, "
            + "timestamptz, decimal(9, 2) or fixed[16].");
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^decimal\(\s*(?<precision>\d{1,3})\s*,\s*(?<scale>\d{1,3})\s*\)$", Options, 1000)]
    private static partial Regex DecimalPattern();

    [GeneratedRegex(@"^fixed\[\s*(?<length>\d{1,9})\s*\]$", Options, 1000)]
    private static partial Regex FixedPattern();
}
