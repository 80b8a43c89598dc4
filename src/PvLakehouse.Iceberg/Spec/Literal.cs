using System.Numerics;

namespace PvLakehouse.Iceberg.Spec;

/// <summary>One typed value that is not null: a bound, a partition value or the operand of a filter.</summary>
/// <remarks>
/// Dates are days and times, timestamps are microseconds (nanoseconds for the <c>_ns</c> types) since 1970-01-01, as
/// the specification counts them. Values of different types never compare: convert with <see cref="TryConvertTo"/> first.
/// <c>default</c> is no value and only good for comparing with.
/// </remarks>
public readonly struct Literal : IEquatable<Literal>, IComparable<Literal>
{
    private readonly PrimitiveType? _type;
    private readonly long _bits;
    private readonly object? _object;

    private Literal(PrimitiveType type, long bits, object? value = null)
    {
        _type = type;
        _bits = bits;
        _object = value;
    }

    /// <summary>The type of the value.</summary>
    /// <exception cref="InvalidOperationException">This is <c>default</c>, which holds no value.</exception>
    public PrimitiveType Type => _type ?? throw new InvalidOperationException("A default Literal holds no value.");

    /// <summary>
    /// The value of a whole-number kind: int, long, date [days], time and timestamps [µs or ns]; booleans as 0 or 1.
    /// </summary>
    public long AsLong => _object is null && !Type.IsFloating ? _bits : throw NotA("a whole number");

    /// <summary>The value of a boolean.</summary>
    public bool AsBoolean => Type.Kind == TypeKind.Boolean ? _bits != 0 : throw NotA("a boolean");

    /// <summary>The value of a float or a double.</summary>
    public double AsDouble => Type.IsFloating ? BitConverter.Int64BitsToDouble(_bits) : throw NotA("a floating-point number");

    /// <summary>The value of a string.</summary>
    public string AsString => _object as string ?? throw NotA("a string");

    /// <summary>The bytes of a binary or fixed.</summary>
    public ReadOnlyMemory<byte> AsBytes => _object as byte[] ?? throw NotA("bytes");

    /// <summary>The value of a uuid.</summary>
    public Guid AsGuid => _object is Guid guid ? guid : throw NotA("a uuid");

    /// <summary>The digits of a decimal without its point: 14.20 with scale 2 is 1420.</summary>
    public BigInteger AsUnscaled => _object is BigInteger unscaled ? unscaled : throw NotA("a decimal");

    /// <summary>Whether the value is the floating-point NaN.</summary>
    public bool IsNaN => _type is { IsFloating: true } && double.IsNaN(AsDouble);

    /// <summary>A boolean.</summary>
    public static Literal Boolean(bool value) => new(IcebergType.Boolean, value ? 1 : 0);

    /// <summary>A 32-bit integer.</summary>
    public static Literal Int(int value) => new(IcebergType.Int, value);

    /// <summary>A 64-bit integer.</summary>
    public static Literal Long(long value) => new(IcebergType.Long, value);

    /// <summary>A 32-bit floating-point number.</summary>
    public static Literal Float(float value) => new(IcebergType.Float, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A 64-bit floating-point number.</summary>
    public static Literal Double(double value) => new(IcebergType.Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A string.</summary>
    public static Literal String(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(IcebergType.String, 0, value);
    }

    /// <summary>A uuid.</summary>
    public static Literal Uuid(Guid value) => new(IcebergType.Uuid, 0, value);

    /// <summary>A calendar date.</summary>
    public static Literal Date(DateOnly value) => Whole(IcebergType.Date, value.DayNumber - UnixDays);

    /// <summary>A time of day, cut to microseconds.</summary>
    public static Literal Time(TimeOnly value) => Whole(IcebergType.Time, value.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>A wall clock without zone, cut to microseconds; the kind of the argument is ignored.</summary>
    public static Literal Timestamp(DateTime value) => Whole(IcebergType.Timestamp, Micros(value.Ticks));

    /// <summary>An instant, cut to microseconds.</summary>
    public static Literal TimestampTz(DateTimeOffset value) => Whole(IcebergType.TimestampTz, Micros(value.UtcTicks));

    /// <summary>A decimal by its digits without the point.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The digits do not fit the precision.</exception>
    public static Literal Decimal(BigInteger unscaled, int precision, int scale) =>
        DecimalOf(IcebergType.Decimal(precision, scale), unscaled);

    /// <summary>Bytes of any length; the array is copied.</summary>
    public static Literal Binary(ReadOnlySpan<byte> value) => new(IcebergType.Binary, 0, value.ToArray());

    /// <summary>Bytes of one fixed length; the array is copied.</summary>
    public static Literal Fixed(ReadOnlySpan<byte> value) => new(IcebergType.Fixed(value.Length), 0, value.ToArray());

    /// <summary>
    /// A value given as the whole number that the specification stores: days, µs, ns, or the number itself.
    /// </summary>
    /// <exception cref="ArgumentException">The type is not boolean, int, long, date, time or a timestamp.</exception>
    /// <exception cref="OverflowException">The number does not fit a 32-bit type.</exception>
    public static Literal Whole(PrimitiveType type, long value)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.Kind switch
        {
            TypeKind.Boolean => Boolean(value != 0),
            TypeKind.Int or TypeKind.Date => new(type, checked((int)value)),
            TypeKind.Long or TypeKind.Time => new(type, value),
            _ when type.IsTimestamp => new(type, value),
            _ => throw new ArgumentException($"{type} is not stored as a whole number.", nameof(type)),
        };
    }

    /// <summary>A value of a column type from the .NET value that represents it best.</summary>
    /// <remarks>
    /// Accepts the type's own .NET form and harmless neighbours: any integer for int and long, <see cref="decimal"/> and
    /// <see cref="BigInteger"/> for decimal, <see cref="DateTime"/> and <see cref="DateTimeOffset"/> for timestamps (a
    /// <see cref="DateTime"/> for timestamptz is taken as UTC), <see cref="DateOnly"/> or <see cref="DateTime"/> for date.
    /// </remarks>
    /// <exception cref="ArgumentException">The value cannot be a value of the type.</exception>
    public static Literal From(PrimitiveType type, object value) => LiteralConversion.FromObject(type, value);

    /// <summary>
    /// The .NET form: bool, int, long, float, double, DateOnly, TimeOnly, DateTime, DateTimeOffset, string, Guid,
    /// byte[], BigInteger (digits).
    /// </summary>
    public object ToObject() => LiteralConversion.ToObject(this);

    /// <summary>
    /// The same value as another type, when no information is lost: int to long, a timestamp to the other unit and so
    /// on.
    /// </summary>
    /// <returns>False when the target cannot hold the value or the types are unrelated.</returns>
    public bool TryConvertTo(PrimitiveType type, out Literal converted) =>
        LiteralConversion.TryConvert(this, type, out converted);

    /// <summary>
    /// Orders values of one type as the specification does; strings by code point, uuids and bytes unsigned.
    /// </summary>
    /// <exception cref="InvalidOperationException">The types differ.</exception>
    public int CompareTo(Literal other)
    {
        if (Type != other.Type && (Type.Kind != other.Type.Kind || Type.Scale != other.Type.Scale))
        {
            throw new InvalidOperationException($"A {Type} does not compare with a {other.Type}.");
        }

        return _object switch
        {
            null when Type.IsFloating => AsDouble.CompareTo(other.AsDouble),
            null => _bits.CompareTo(other._bits),
            string text => CodePoints.Compare(text, other.AsString),
            byte[] bytes => bytes.AsSpan().SequenceCompareTo(other.AsBytes.Span),
            Guid guid => CompareUuid(guid, other.AsGuid),
            _ => AsUnscaled.CompareTo(other.AsUnscaled),
        };
    }

    /// <summary>Whether type and value are the same; NaN equals NaN.</summary>
    public bool Equals(Literal other) =>
        _type is null || other._type is null ? ReferenceEquals(_type, other._type)
        : _type == other._type && CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Literal other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _object switch
    {
        null when _type is { IsFloating: true } => AsDouble.GetHashCode(),
        null => _bits.GetHashCode(),
        byte[] bytes => (int)Murmur3.Hash32(bytes),
        _ => _object.GetHashCode(),
    };

    /// <summary>
    /// The value as people read it, for example <c>2017-11-16</c>; the form of partition folder names.
    /// </summary>
    public override string ToString() => _type is null ? "" : HumanText.Of(this);

    /// <summary>Whether two values are equal.</summary>
    public static bool operator ==(Literal left, Literal right) => left.Equals(right);

    /// <summary>Whether two values differ.</summary>
    public static bool operator !=(Literal left, Literal right) => !left.Equals(right);

    /// <summary>Whether the left value comes first.</summary>
    public static bool operator <(Literal left, Literal right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left value comes later.</summary>
    public static bool operator >(Literal left, Literal right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left value comes first or is equal.</summary>
    public static bool operator <=(Literal left, Literal right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left value comes later or is equal.</summary>
    public static bool operator >=(Literal left, Literal right) => left.CompareTo(right) >= 0;

    internal const int UnixDays = 719162;

    internal static Literal DecimalOf(PrimitiveType type, BigInteger unscaled)
    {
        if (BigInteger.Abs(unscaled) >= BigInteger.Pow(10, type.Precision))
        {
            throw new ArgumentOutOfRangeException(
                nameof(unscaled), unscaled, $"The digits do not fit {type}: at most {type.Precision} are allowed.");
        }

        return new(type, 0, unscaled);
    }

    /// <summary>Wraps bytes that nobody else will change.</summary>
    internal static Literal OwnedBytes(PrimitiveType type, byte[] value) => new(type, 0, value);

    internal static long Micros(long ticks) =>
        FloorMath.Div(ticks - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerMicrosecond);

    private static int CompareUuid(Guid left, Guid right)
    {
        Span<byte> a = stackalloc byte[16];
        Span<byte> b = stackalloc byte[16];
        left.TryWriteBytes(a, bigEndian: true, out _);
        right.TryWriteBytes(b, bigEndian: true, out _);
        return a.SequenceCompareTo(b);
    }

    private InvalidOperationException NotA(string expected) => new($"A {Type} is not {expected}.");
}
