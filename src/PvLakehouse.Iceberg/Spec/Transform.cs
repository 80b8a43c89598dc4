using System.Globalization;
using System.Text.RegularExpressions;

namespace PvLakehouse.Iceberg.Spec;

/// <summary>The kinds of partition and sort transforms.</summary>
public enum TransformKind
{
    /// <summary>The value itself.</summary>
    Identity,

    /// <summary>A hash of the value, modulo a number of buckets.</summary>
    Bucket,

    /// <summary>The value cut to a width.</summary>
    Truncate,

    /// <summary>Years since 1970.</summary>
    Year,

    /// <summary>Months since 1970-01.</summary>
    Month,

    /// <summary>Days since 1970-01-01.</summary>
    Day,

    /// <summary>Hours since 1970-01-01T00.</summary>
    Hour,

    /// <summary>Always null; what is left of a dropped partition field in version 1.</summary>
    Void,

    /// <summary>A transform of a later specification: kept, never used for pruning, never written with.</summary>
    Unknown,
}

/// <summary>
/// How a partition or sort value comes from a column value (spec: "Partition Transforms"). Null always gives null.
/// </summary>
public sealed partial record Transform
{
    private readonly string _text;

    private Transform(TransformKind kind, string text, int parameter = 0)
    {
        Kind = kind;
        _text = text;
        Parameter = parameter;
    }

    /// <summary>Which transform.</summary>
    public TransformKind Kind { get; }

    /// <summary>Number of buckets, or the width of truncation; 0 for the others.</summary>
    public int Parameter { get; }

    /// <summary>The value itself.</summary>
    public static Transform Identity { get; } = new(TransformKind.Identity, "identity");

    /// <summary>Years since 1970.</summary>
    public static Transform Year { get; } = new(TransformKind.Year, "year");

    /// <summary>Months since 1970-01.</summary>
    public static Transform Month { get; } = new(TransformKind.Month, "month");

    /// <summary>Days since 1970-01-01.</summary>
    public static Transform Day { get; } = new(TransformKind.Day, "day");

    /// <summary>Hours since 1970-01-01T00.</summary>
    public static Transform Hour { get; } = new(TransformKind.Hour, "hour");

    /// <summary>Always null.</summary>
    public static Transform Void { get; } = new(TransformKind.Void, "void");

    /// <summary>Hash buckets 0 .. <paramref name="buckets"/> - 1.</summary>
    public static Transform Bucket(int buckets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 1);
        return new(TransformKind.Bucket, $"bucket[{buckets.ToString(CultureInfo.InvariantCulture)}]", buckets);
    }

    /// <summary>Values cut to a width: characters, bytes, or multiples for numbers.</summary>
    public static Transform Truncate(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        return new(TransformKind.Truncate, $"truncate[{width.ToString(CultureInfo.InvariantCulture)}]", width);
    }

    /// <summary>
    /// Reads the text form; a name that is not known gives <see cref="TransformKind.Unknown"/> and keeps the text.
    /// </summary>
    public static Transform Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Parameterised().Match(text) is { Success: true } match
            && int.TryParse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0)
        {
            return match.Groups["name"].ValueSpan is "bucket" ? Bucket(number) : Truncate(number);
        }

        return text switch
        {
            "identity" => Identity,
            "year" => Year,
            "month" => Month,
            "day" => Day,
            "hour" => Hour,
            "void" => Void,
            _ => OfUnknown(text),
        };
    }

    /// <summary>A transform that is kept by its text only.</summary>
    internal static Transform OfUnknown(string text) => new(TransformKind.Unknown, text);

    /// <summary>Whether values of a type can go through the transform.</summary>
    public bool CanApplyTo(IcebergType type) => TransformRules.CanApply(this, type);

    /// <summary>The type of the results for a source type.</summary>
    public PrimitiveType ResultType(PrimitiveType source) => TransformRules.ResultType(this, source);

    /// <summary>The partition value of a column value; null gives null.</summary>
    /// <exception cref="InvalidOperationException">
    /// The transform is unknown, or the type cannot go through it.
    /// </exception>
    public Literal? Apply(Literal? value) => value is { } v ? TransformRules.Apply(this, v) : null;

    /// <summary>A result as people read it, for example <c>2017-11</c> for a month; <c>null</c> for null.</summary>
    public string ToHumanText(Literal? result) => (result, Kind) switch
    {
        (null, _) => "null",
        ({ } value, TransformKind.Year) => HumanText.Year(value.AsLong),
        ({ } value, TransformKind.Month) => HumanText.Month(value.AsLong),
        ({ } value, TransformKind.Day) => HumanText.Day(value.AsLong),
        ({ } value, TransformKind.Hour) => HumanText.Hour(value.AsLong),
        ({ } value, _) => value.ToString(),
    };

    /// <summary>The text form of the specification, for example <c>bucket[16]</c>.</summary>
    public override string ToString() => _text;

    /// <summary>
    /// Whether results keep the order of the sources, so that a range of sources is a range of results.
    /// </summary>
    internal bool PreservesOrder => Kind is TransformKind.Identity or TransformKind.Truncate || IsTime;

    internal bool IsTime => Kind is TransformKind.Year or TransformKind.Month or TransformKind.Day or TransformKind.Hour;

    [GeneratedRegex(@"^(?<name>bucket|truncate)\[(?<number>\d{1,10})\]$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameterised();
}
