using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Iceberg.Tests.Catalog;

public sealed class CatalogOptionsTests
{
    [Fact]
    public void Options_are_read_from_the_properties_that_other_clients_are_given()
    {
        var options = CatalogOptions.From(new Dictionary<string, string>
        {
            ["warehouse"] = "s3://lake",
            ["table-default.a.b"] = "1",
            ["table-override.c"] = "2",
            ["table-defaults"] = "no prefix",
            ["unique-table-location"] = "TRUE",
        });
        Assert.Equal(new Dictionary<string, string> { ["a.b"] = "1" }, options.TableDefaults);
        Assert.Equal(new Dictionary<string, string> { ["c"] = "2" }, options.TableOverrides);
        Assert.True(options.UniqueTableLocations);
        Assert.False(CatalogOptions.From(new Dictionary<string, string>()).UniqueTableLocations);
    }

    [Fact]
    public void A_switch_that_is_neither_on_nor_off_is_refused_by_its_name()
    {
        var failure = Assert.Throws<IcebergException>(
            () => CatalogOptions.From(new Dictionary<string, string> { ["unique-table-location"] = "maybe" }));
        Assert.Contains("'unique-table-location'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("'maybe'", failure.Message, StringComparison.Ordinal);
    }
}
