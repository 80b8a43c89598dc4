using System.Globalization;
using System.Text.RegularExpressions;

namespace PvLakehouse.Iceberg.Spec;

/// <summary>Reads and prints the text form of types.</summary>
internal static partial class TypeText
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase;

    public static PrimitiveType Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
#pragma warning disable CA1308 // The specification spells type names in lower case; some writers do not.
        return text.ToLowerInvariant() switch
#pragma warning restore CA1308
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
            "unknown" => IcebergType.Unknown,
            "variant" => IcebergType.Variant,
            _ => ParseParameters(text),
        };
    }

    public static string Print(IcebergType type) => type switch
    {
        PrimitiveType { Kind: TypeKind.Decimal } d => $"decimal({Number(d.Precision)}, {Number(d.Scale)})",
        PrimitiveType { Kind: TypeKind.Fixed } f => $"fixed[{Number(f.Length)}]",
        PrimitiveType { Kind: TypeKind.Geometry, Crs: var crs } => crs == PrimitiveType.DefaultCrs ? "geometry" : $"geometry({crs})",
        PrimitiveType { Kind: TypeKind.Geography } g => Print(g),
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

        if (ShapePattern().Match(text) is { Success: true } shape && Shape(shape) is { } type)
        {
            return type;
        }

        throw new IcebergFormatException(
            $"Type '{text}' is not known here; expected a primitive type of format version 1 to 3, such as long, "
            + "timestamptz, decimal(9, 2), fixed[16] or geometry(srid:4326).");
    }

    /// <summary>The shortest text: what is left out is the default.</summary>
    private static string Print(PrimitiveType geography) => (geography.Crs, geography.Algorithm) switch
    {
        (PrimitiveType.DefaultCrs, EdgeAlgorithm.Spherical) => "geography",
        (var crs, EdgeAlgorithm.Spherical) => $"geography({crs})",
#pragma warning disable CA1308 // The specification spells algorithms in lower case.
        var (crs, algorithm) => $"geography({crs}, {algorithm.ToString()!.ToLowerInvariant()})",
#pragma warning restore CA1308
    };

    private static PrimitiveType? Shape(Match match)
    {
        var crs = match.Groups["crs"] is { Success: true } named ? named.Value : null;
        var algorithm = EdgeAlgorithm.Spherical;
        if (match.Groups["algorithm"] is { Success: true } edges
            && (!Enum.TryParse(edges.ValueSpan, ignoreCase: true, out algorithm) || !Enum.IsDefined(algorithm)))
        {
            return null;
        }

        return match.Groups["kind"].ValueSpan.Equals("geography", StringComparison.OrdinalIgnoreCase) ? IcebergType.Geography(crs, algorithm)
            : match.Groups["algorithm"].Success ? null
            : IcebergType.Geometry(crs);
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^decimal\s*\(\s*(?<precision>\d{1,3})\s*,\s*(?<scale>\d{1,3})\s*\)$", Options, 1000)]
    private static partial Regex DecimalPattern();

    [GeneratedRegex(@"^fixed\s*\[\s*(?<length>\d{1,9})\s*\]$", Options, 1000)]
    private static partial Regex FixedPattern();

    [GeneratedRegex(
        @"^(?<kind>geometry|geography)\s*(\(\s*(?<crs>[^\s(),]([^(),]*[^\s(),])?)\s*(,\s*(?<algorithm>[a-z]+)\s*)?\))?$", Options, 1000)]
    private static partial Regex ShapePattern();
}
