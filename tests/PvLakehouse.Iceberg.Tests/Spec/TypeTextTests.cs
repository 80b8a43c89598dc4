using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Spec;

public sealed class TypeTextTests
{
    [Theory]
    [InlineData("unknown", "unknown")]
    [InlineData("variant", "variant")]
    [InlineData("timestamp_ns", "timestamp_ns")]
    [InlineData("timestamptz_ns", "timestamptz_ns")]
    [InlineData("decimal( 9 ,2 )", "decimal(9, 2)")]
    [InlineData("decimal(9,2)", "decimal(9, 2)")]
    [InlineData("fixed[ 16 ]", "fixed[16]")]
    [InlineData("geometry", "geometry")]
    [InlineData("geometry(OGC:CRS84)", "geometry")]
    [InlineData("geometry( srid:3857 )", "geometry(srid:3857)")]
    [InlineData("geometry (srid:3857)", "geometry(srid:3857)")]
    [InlineData("geometry(projjson:my proj)", "geometry(projjson:my proj)")]
    [InlineData("geography", "geography")]
    [InlineData("geography(srid:4269)", "geography(srid:4269)")]
    [InlineData("geography(srid:4269,karney)", "geography(srid:4269, karney)")]
    [InlineData("geography( ogc:crs84 , Spherical )", "geography")]
    [InlineData("geography(OGC:CRS84, vincenty)", "geography(OGC:CRS84, vincenty)")]
    [InlineData("TIMESTAMPTZ", "timestamptz")]
    public void Types_are_read_with_any_whitespace_and_printed_in_one_form(string text, string printed)
    {
        var type = IcebergType.Parse(text);
        Assert.Equal(printed, type.ToString());
        Assert.Equal(type, IcebergType.Parse(printed));
    }

    [Theory]
    [InlineData("geometry()")]
    [InlineData("geometry(srid:1, karney)")]
    [InlineData("geometry(a(b))")]
    [InlineData("geography(srid:1, flat)")]
    [InlineData("geography(srid:1, karney, x)")]
    [InlineData("decimal(39, 2)")]
    [InlineData("decimal(9)")]
    [InlineData("fixed[]")]
    [InlineData("timestamp_ps")]
    public void Other_texts_are_refused(string text) => Assert.Throws<IcebergFormatException>(() => IcebergType.Parse(text));

    [Fact]
    public void Shapes_know_their_reference_system_and_edges()
    {
        var geography = IcebergType.Parse("geography(srid:4269, karney)");
        Assert.Equal(("srid:4269", EdgeAlgorithm.Karney), (geography.Crs, geography.Algorithm));
        Assert.Equal(("OGC:CRS84", (EdgeAlgorithm?)null), (IcebergType.Geometry().Crs, IcebergType.Geometry().Algorithm));
        Assert.Throws<ArgumentException>(() => IcebergType.Geometry("a,b"));
        Assert.Throws<ArgumentException>(() => IcebergType.Geometry(" "));
    }

    [Fact]
    public void The_shapes_of_java_are_printed_as_java_prints_them()
    {
        var json = File.ReadAllText(SharedFixtures.Path("misc/geo-schema-java-main.json"));
        using var document = System.Text.Json.JsonDocument.Parse(json);
        var texts = document.RootElement.GetProperty("fields").EnumerateArray().Select(f => f.GetProperty("type").GetString());
        Assert.Equal(texts, Schema.FromJson(json).Columns.Select(c => c.Type.ToString()));
    }

    [Theory]
    [InlineData("unknown", "string", true)]
    [InlineData("unknown", "variant", true)]
    [InlineData("date", "timestamp", true)]
    [InlineData("date", "timestamp_ns", true)]
    [InlineData("date", "timestamptz", false)]
    [InlineData("timestamp", "timestamp_ns", false)]
    [InlineData("string", "unknown", false)]
    public void Version_3_widens_more(string from, string to, bool allowed)
    {
        Assert.Equal(allowed, IcebergType.Parse(from).CanPromoteTo(IcebergType.Parse(to), 3));
        Assert.False(IcebergType.Parse(from).CanPromoteTo(IcebergType.Parse(to), 2));
    }

    [Theory]
    [InlineData("variant", false, false)]
    [InlineData("geometry", false, false)]
    [InlineData("geography", false, false)]
    [InlineData("unknown", true, false)]
    [InlineData("timestamp_ns", true, true)]
    public void Types_without_order_are_no_partition_sources(string type, bool identity, bool bucket)
    {
        Assert.Equal(identity, Transform.Identity.CanApplyTo(IcebergType.Parse(type)));
        Assert.Equal(bucket, Transform.Bucket(4).CanApplyTo(IcebergType.Parse(type)));
    }
}
