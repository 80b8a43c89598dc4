using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Expressions;

/// <summary>What is known of the values of one column in a file, or of one partition field in a manifest.</summary>
/// <param name="MayBeNull">Whether a value may be null.</param>
/// <param name="MayBeNaN">Whether a value may be NaN.</param>
/// <param name="MayBeValue">Whether a value may be neither.</param>
/// <param name="Lower">No value that is neither null nor NaN is below; null when unknown.</param>
/// <param name="Upper">No value that is neither null nor NaN is above; null when unknown.</param>
/// <param name="Exact">Whether equal bounds mean that all values are this one; cut bounds do not.</param>
internal readonly record struct ColumnRange(
    bool MayBeNull, bool MayBeNaN, bool MayBeValue, Literal? Lower, Literal? Upper, bool Exact)
{
    /// <summary>The range of a column by the metrics of a file.</summary>
    public static ColumnRange Of(SchemaField field, ColumnMetrics metrics)
    {
        var type = (PrimitiveType)field.Type;
        var lower = metrics.LowerBounds.TryGetValue(field.Id, out var low) ? low : default(ReadOnlyMemory<byte>?);
        var upper = metrics.UpperBounds.TryGetValue(field.Id, out var high) ? high : default(ReadOnlyMemory<byte>?);
        var values = Count(metrics.ValueCounts, field.Id);
        var nulls = Count(metrics.NullValueCounts, field.Id);
        var nans = type.IsFloating ? Count(metrics.NanValueCounts, field.Id) : 0;
        return Checked(
            type,
            mayBeNull: nulls is not 0,
            mayBeNaN: nans is not 0 && !(values is { } v && nulls >= v),
            mayBeValue: !(values is { } all && nulls is { } n && n + (nans ?? 0) >= all),
            lower,
            upper,
            exact: IsWhole(type, lower) && IsWhole(type, upper));
    }

    /// <summary>The range of a partition field by the summary of a manifest.</summary>
    public static ColumnRange Of(PrimitiveType type, PartitionFieldSummary summary) => Checked(
        type,
        summary.ContainsNull,
        mayBeNaN: type.IsFloating && summary.ContainsNaN is not false,
        mayBeValue: summary.LowerBound is not null || summary.UpperBound is not null,
        summary.LowerBound,
        summary.UpperBound,
        exact: true);

    /// <summary>The range that is one partition value.</summary>
    public static ColumnRange Of(Literal? value) => value switch
    {
        null => new(MayBeNull: true, MayBeNaN: false, MayBeValue: false, null, null, Exact: true),
        { IsNaN: true } => new(MayBeNull: false, MayBeNaN: true, MayBeValue: false, null, null, Exact: true),
        { } v => new(MayBeNull: false, MayBeNaN: false, MayBeValue: true, v, v, Exact: true),
    };

    /// <summary>Nothing is known.</summary>
    public static ColumnRange Unknown { get; } = new(true, true, true, null, null, Exact: false);

    /// <summary>Bounds of fewer bytes are taken for whole: 16 characters are kept by default.</summary>
    private const int ShortestCut = 16;

    private static ColumnRange Checked(
        PrimitiveType type,
        bool mayBeNull,
        bool mayBeNaN,
        bool mayBeValue,
        ReadOnlyMemory<byte>? lower,
        ReadOnlyMemory<byte>? upper,
        bool exact)
    {
        var (min, max) = (Decode(type, lower), Decode(type, upper));
        if (min > max)
        {
            // Written by someone who orders otherwise (early writers compared uuids as signed numbers): of no use.
            (min, max) = (null, null);
        }

        return new(mayBeNull, mayBeNaN, mayBeValue, min, max, exact);
    }

    /// <summary>
    /// Whether a bound is no prefix of a longer value. Some writers cut upper bounds without raising them, so that equal
    /// bounds would tell wrongly that all values are equal.
    /// </summary>
    private static bool IsWhole(PrimitiveType type, ReadOnlyMemory<byte>? bound) =>
        type.Kind is not (TypeKind.String or TypeKind.Binary or TypeKind.Fixed) || bound is not { Length: >= ShortestCut };

    private static Literal? Decode(PrimitiveType type, ReadOnlyMemory<byte>? bytes) =>
        bytes is { } b && SingleValue.TryFromBytes(type, b.Span, out var value) && !value.IsNaN ? value : null;

    private static long? Count(FieldMap<long> counts, int id) => counts.TryGetValue(id, out var count) && count >= 0 ? count : null;
}
