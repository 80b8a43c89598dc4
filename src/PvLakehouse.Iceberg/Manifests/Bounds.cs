using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>Cuts and encodes bounds so that they still enclose all values.</summary>
internal static class Bounds
{
    /// <param name="value">The smallest value; null when unknown.</param>
    /// <param name="length">Characters or bytes to keep; null keeps all.</param>
    public static ReadOnlyMemory<byte>? Lower(Literal? value, int? length) => value switch
    {
        null => default(ReadOnlyMemory<byte>?),

        // -0.0 and +0.0 are equal as numbers but not as bounds: the lower one encloses both.
        { Type.IsFloating: true } zero when zero.AsDouble == 0 => SingleValue.ToBytes(Zero(zero.Type, -0.0)),
        { Type.Kind: TypeKind.String } text when length is { } n =>
            SingleValue.ToBytes(Literal.String(CodePoints.Prefix(text.AsString, n))),
        { Type.Kind: TypeKind.Binary } bytes when length < bytes.AsBytes.Length => bytes.AsBytes[..length.Value],
        { } other => SingleValue.ToBytes(other),
    };

    /// <param name="value">The largest value; null when unknown.</param>
    /// <param name="length">Characters or bytes to keep; null keeps all.</param>
    /// <returns>Null also when no value of that length is above all others with the same beginning.</returns>
    public static ReadOnlyMemory<byte>? Upper(Literal? value, int? length) => value switch
    {
        null => default(ReadOnlyMemory<byte>?),
        { Type.IsFloating: true } zero when zero.AsDouble == 0 => SingleValue.ToBytes(Zero(zero.Type, 0.0)),
        { Type.Kind: TypeKind.String } text when length is { } n && CodePoints.Count(text.AsString) > n =>
            CodePoints.Successor(text.AsString, n) is { } next
                ? SingleValue.ToBytes(Literal.String(next))
                : default(ReadOnlyMemory<byte>?),
        { Type.Kind: TypeKind.Binary } bytes when length < bytes.AsBytes.Length => Successor(bytes.AsBytes.Span[..length.Value]),
        { } other => SingleValue.ToBytes(other),
    };

    private static Literal Zero(PrimitiveType type, double zero) =>
        type.Kind == TypeKind.Float ? Literal.Float((float)zero) : Literal.Double(zero);

    private static ReadOnlyMemory<byte>? Successor(ReadOnlySpan<byte> prefix)
    {
        var last = prefix.LastIndexOfAnyExcept((byte)0xff);
        if (last < 0)
        {
            return null;
        }

        var next = prefix[..(last + 1)].ToArray();
        next[last]++;
        return next;
    }
}
