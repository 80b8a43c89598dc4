using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Tests.Spec;

public sealed class LiteralTests
{
    /// <summary>Spec, "Binary single-value serialization"; bytes worked out by hand.</summary>
    public static TheoryData<Literal, string> Binary => new()
    {
        { Literal.Boolean(true), "01" },
        { Literal.Int(34), "22000000" },
        { Literal.Long(-1), "ffffffffffffffff" },
        { Literal.Float(-4.5f), "000090c0" },
        { Literal.Double(6.0), "0000000000001840" },
        { Literal.Date(new DateOnly(2017, 11, 16)), "4e440000" },
        { Literal.TimestampTz(DateTimeOffset.UnixEpoch.AddMilliseconds(1)), "e803000000000000" },
        { Literal.String("iß"), "69c39f" },
        { Literal.Uuid(Guid.Parse("f79c3e09-677c-4bbd-a479-3f349cb785e7")), "f79c3e09677c4bbda4793f349cb785e7" },
        { Literal.Decimal(1420, 9, 2), "058c" },
        { Literal.Decimal(-1, 9, 2), "ff" },
        { Literal.Decimal(128, 9, 2), "0080" },
        { Literal.Binary([1, 2]), "0102" },
    };

    [Theory]
    [MemberData(nameof(Binary))]
    public void Binary_form_is_that_of_the_specification(Literal value, string hex)
    {
        Assert.Equal(hex, Convert.ToHexStringLower(SingleValue.ToBytes(value)));
        Assert.Equal(value, SingleValue.FromBytes(value.Type, Convert.FromHexString(hex)));
    }

    [Fact]
    public void Bounds_from_before_a_promotion_are_read_by_their_old_width()
    {
        Assert.Equal(Literal.Long(34), SingleValue.FromBytes(IcebergType.Long, [0x22, 0, 0, 0]));
        Assert.Equal(Literal.Double(-4.5), SingleValue.FromBytes(IcebergType.Double, [0, 0, 0x90, 0xc0]));

        // 2017-11-16 is day 17486: 1 510 790 400 seconds. The last day that 32 bits hold is too late for 64 bits of
        // micro- or nanoseconds.
        byte[] day = [0x4e, 0x44, 0, 0];
        Assert.Equal(1_510_790_400_000_000, SingleValue.FromBytes(IcebergType.Timestamp, day).AsLong);
        Assert.Equal(1_510_790_400_000_000_000, SingleValue.FromBytes(IcebergType.TimestampNs, day).AsLong);
        foreach (var type in new[] { IcebergType.Timestamp, IcebergType.TimestampNs })
        {
            Assert.Throws<IcebergFormatException>(() => SingleValue.FromBytes(type, [0xff, 0xff, 0xff, 0x7f]));
        }
    }

    [Fact]
    public void Bytes_that_fit_no_value_of_the_type_are_refused() =>
        Assert.Throws<IcebergFormatException>(() => SingleValue.FromBytes(IcebergType.Long, [1, 2, 3]));

    [Fact]
    public void Strings_order_by_code_point_and_not_by_utf16_unit()
    {
        // U+FF5E is one UTF-16 unit above the surrogates of U+1F31E, but a smaller code point.
        Assert.True(Literal.String("～") < Literal.String("🌞"));
        Assert.True(string.CompareOrdinal("～", "🌞") > 0);
    }

    [Fact]
    public void Uuids_order_as_unsigned_bytes() =>
        Assert.True(Literal.Uuid(Guid.Parse("00000000-0000-0000-0000-000000000001"))
            < Literal.Uuid(Guid.Parse("80000000-0000-0000-0000-000000000000")));

    [Fact]
    public void Net_values_become_literals_of_the_column()
    {
        Assert.Equal(Literal.Long(5), Literal.From(IcebergType.Long, 5));
        Assert.Equal(Literal.Decimal(1250, 9, 2), Literal.From(IcebergType.Decimal(9, 2), 12.5m));
        Assert.Equal(
            Literal.Whole(IcebergType.TimestampTz, 0),
            Literal.From(IcebergType.TimestampTz, new DateTimeOffset(1970, 1, 1, 10, 0, 0, TimeSpan.FromHours(10))));
        Assert.Throws<ArgumentException>(() => Literal.From(IcebergType.Int, 3_000_000_000L));
        Assert.Throws<ArgumentException>(() => Literal.From(IcebergType.Decimal(9, 2), 12.505m));
        Assert.Throws<ArgumentException>(() => Literal.From(IcebergType.Int, "5"));
    }

    [Fact]
    public void Net_values_come_back()
    {
        Assert.Equal(new DateOnly(1969, 12, 31), Literal.Whole(IcebergType.Date, -1).ToObject());
        Assert.Equal(new DateTime(1969, 12, 31, 23, 59, 59), Literal.Whole(IcebergType.Timestamp, -1_000_000).ToObject());
        Assert.Equal(DateTimeOffset.UnixEpoch.AddHours(1), Literal.Whole(IcebergType.TimestampTz, 3_600_000_000).ToObject());
    }

    [Fact]
    public void Wall_clocks_never_become_instants() =>
        Assert.False(Literal.Timestamp(DateTime.UnixEpoch).TryConvertTo(IcebergType.TimestampTz, out _));

    [Fact]
    public void Conversions_that_lose_something_are_refused()
    {
        Assert.False(Literal.Long((1L << 53) + 1).TryConvertTo(IcebergType.Double, out _));
        Assert.False(Literal.Decimal(1, 9, 3).TryConvertTo(IcebergType.Decimal(9, 2), out _));
        Assert.False(Literal.Long(1L << 40).TryConvertTo(IcebergType.Int, out _));
    }
}
