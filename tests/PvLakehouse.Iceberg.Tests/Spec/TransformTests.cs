using System.Numerics;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Tests.Spec;

/// <summary>Vectors of the Iceberg specification, "Appendix B: 32-bit Hash Requirements" and "Partition Transforms".</summary>
public sealed class TransformTests
{
    public static TheoryData<string, Literal, int> Hashes => new()
    {
        { "int 34", Literal.Int(34), 2017239379 },
        { "long 34", Literal.Long(34), 2017239379 },
        { "decimal 14.20", Literal.Decimal(1420, 9, 2), -500754589 },
        { "date", Literal.Date(new DateOnly(2017, 11, 16)), -653330422 },
        { "time", Literal.Time(new TimeOnly(22, 31, 8)), -662762989 },
        { "timestamp", Literal.Timestamp(new DateTime(2017, 11, 16, 22, 31, 8)), -2047944441 },
        { "timestamp with microsecond", Literal.Timestamp(new DateTime(2017, 11, 16, 22, 31, 8).AddTicks(10)), -1207196810 },
        { "timestamptz of another offset", Literal.TimestampTz(new DateTimeOffset(2017, 11, 16, 14, 31, 8, TimeSpan.FromHours(-8))), -2047944441 },
        { "timestamp_ns", Literal.Whole(IcebergType.TimestampNs, 1510871468000001001), -1207196810 },
        { "string", Literal.String("iceberg"), 1210000089 },
        { "uuid", Literal.Uuid(Guid.Parse("f79c3e09-677c-4bbd-a479-3f349cb785e7")), 1488055340 },
        { "fixed", Literal.Fixed([0, 1, 2, 3]), -188683207 },
        { "binary", Literal.Binary([0, 1, 2, 3]), -188683207 },
    };

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Hash_is_that_of_the_specification(string what, Literal value, int expected)
    {
        Assert.NotEmpty(what);
        Assert.Equal(expected, unchecked((int)TransformRules.Hash(value)));
    }

    [Fact]
    public void Bucket_ignores_the_sign_of_the_hash() =>

        // "iceberg" hashes to 1210000089 and 14.20 to -500754589; & 0x7fffffff gives 1646729059; % 16 gives 9 and 3.
        Assert.Equal(
            [Literal.Int(9), Literal.Int(3)],
            new[] { Transform.Bucket(16).Apply(Literal.String("iceberg")), Transform.Bucket(16).Apply(Literal.Decimal(1420, 9, 2)) });

    [Theory]
    [InlineData(1, 0)]
    [InlineData(10, 10)]
    [InlineData(-1, -10)]
    [InlineData(-10, -10)]
    [InlineData(-11, -20)]
    public void Truncated_numbers_round_towards_minus_infinity(int value, int expected)
    {
        Assert.Equal(Literal.Int(expected), Transform.Truncate(10).Apply(Literal.Int(value)));
        Assert.Equal(Literal.Long(expected), Transform.Truncate(10).Apply(Literal.Long(value)));
        Assert.Equal(
            Literal.Decimal(expected, 9, 2), Transform.Truncate(10).Apply(Literal.Decimal(value, 9, 2)));
    }

    [Fact]
    public void Truncated_decimals_count_the_width_in_units_of_the_scale() =>
        Assert.Equal(Literal.Decimal(1050, 9, 2), Transform.Truncate(50).Apply(Literal.Decimal(1065, 9, 2)));

    [Fact]
    public void Truncated_strings_count_code_points_and_not_utf16_units() =>
        Assert.Equal(Literal.String("a🌞b"), Transform.Truncate(3).Apply(Literal.String("a🌞bc")));

    [Fact]
    public void Truncated_bytes_are_a_prefix() =>
        Assert.Equal(Literal.Binary([1, 2]), Transform.Truncate(2).Apply(Literal.Binary([1, 2, 3])));

    [Theory]

    // Ordinals by hand: 2017 is 47 years after 1970; November is month 10 of the year counted from 0: 47 * 12 + 10 = 574.
    [InlineData("2017-11-16T22:31:08", 47, 574, 17486, 419686)]
    [InlineData("1970-01-01T00:00:00", 0, 0, 0, 0)]
    [InlineData("1969-12-31T23:59:59", -1, -1, -1, -1)]
    [InlineData("1969-12-31T00:00:00", -1, -1, -1, -24)]
    [InlineData("1969-01-01T00:00:00", -1, -12, -365, -8760)]
    public void Times_become_ordinals_rounded_down(string text, int year, int month, int day, int hour)
    {
        var value = Literal.Timestamp(DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(Literal.Int(year), Transform.Year.Apply(value));
        Assert.Equal(Literal.Int(month), Transform.Month.Apply(value));
        Assert.Equal(Literal.Whole(IcebergType.Date, day), Transform.Day.Apply(value));
        Assert.Equal(Literal.Int(hour), Transform.Hour.Apply(value));
    }

    [Fact]
    public void Dates_have_years_months_and_days_but_no_hours()
    {
        var date = Literal.Date(new DateOnly(2017, 11, 16));
        Assert.Equal(Literal.Int(47), Transform.Year.Apply(date));
        Assert.Equal(Literal.Int(574), Transform.Month.Apply(date));
        Assert.Equal(date, Transform.Day.Apply(date));
        Assert.Throws<InvalidOperationException>(() => Transform.Hour.Apply(date));
    }

    [Fact]
    public void Null_stays_null_and_void_makes_it()
    {
        Assert.Null(Transform.Bucket(4).Apply(null));
        Assert.Null(Transform.Void.Apply(Literal.Int(1)));
    }

    [Fact]
    public void Unknown_transforms_keep_their_text_and_refuse_to_be_applied()
    {
        var transform = Transform.Parse("zorder[4]");
        Assert.Equal((TransformKind.Unknown, "zorder[4]"), (transform.Kind, transform.ToString()));
        Assert.Throws<InvalidOperationException>(() => transform.Apply(Literal.Int(1)));
    }

    [Theory]
    [InlineData("bucket[16]", TransformKind.Bucket, 16)]
    [InlineData("truncate[3]", TransformKind.Truncate, 3)]
    [InlineData("month", TransformKind.Month, 0)]
    [InlineData("bucket[0]", TransformKind.Unknown, 0)]
    public void Text_form_is_read_and_printed(string text, TransformKind kind, int parameter)
    {
        var transform = Transform.Parse(text);
        Assert.Equal((kind, parameter, text), (transform.Kind, transform.Parameter, transform.ToString()));
    }

    [Fact]
    public void Human_text_names_the_period()
    {
        Assert.Equal("2017", Transform.Year.ToHumanText(Literal.Int(47)));
        Assert.Equal("2017-11", Transform.Month.ToHumanText(Literal.Int(574)));
        Assert.Equal("1969-12", Transform.Month.ToHumanText(Literal.Int(-1)));
        Assert.Equal("2017-11-16", Transform.Day.ToHumanText(Literal.Whole(IcebergType.Date, 17486)));
        Assert.Equal("2017-11-16-22", Transform.Hour.ToHumanText(Literal.Int(419686)));
        Assert.Equal("null", Transform.Identity.ToHumanText(null));
        Assert.Equal("-0.05", Transform.Identity.ToHumanText(Literal.Decimal(-5, 9, 2)));
    }

    [Fact]
    public void Partition_folders_are_encoded_like_html_forms()
    {
        // As PyIceberg named the folder of the fixture partition_timestamp: 2023-08-22T09%3A15%3A20.
        var schema = new Schema([NestedField.Optional(1, "partition col", IcebergType.Timestamp)]);
        var spec = PartitionSpec.For(schema).Identity("partition col").Build();
        var values = new PartitionValues([Literal.Timestamp(new DateTime(2023, 8, 22, 9, 15, 20))]);
        Assert.Equal("partition+col=2023-08-22T09%3A15%3A20", spec.PartitionPath(values));
    }

    [Fact]
    public void Wide_decimals_do_not_lose_digits()
    {
        var digits = BigInteger.Parse("-99999999999999999999999999999999999999", System.Globalization.CultureInfo.InvariantCulture);
        var value = Literal.Decimal(digits, 38, 10);
        Assert.Equal(value, SingleValue.FromBytes(value.Type, SingleValue.ToBytes(value)));
    }
}
