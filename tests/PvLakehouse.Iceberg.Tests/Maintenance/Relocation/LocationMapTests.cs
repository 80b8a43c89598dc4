using PvLakehouse.Iceberg.Maintenance.Relocation;

namespace PvLakehouse.Iceberg.Tests.Maintenance.Relocation;

/// <summary>Where files go when a table moves.</summary>
public sealed class LocationMapTests
{
    [Theory]
    [InlineData("/lake/silver/energy", "s3://new/root/silver/energy")]
    [InlineData("/lake/silver/energy/data/a.parquet", "s3://new/root/silver/energy/data/a.parquet")]
    [InlineData("file:/lake/data/a.parquet", "s3://new/root/data/a.parquet")]
    [InlineData("file:///lake/data/a.parquet", "s3://new/root/data/a.parquet")]
    [InlineData("s3a://old/warehouse/t/a.parquet", "/disk/t/a.parquet")]
    [InlineData("s3://old/warehouse/t/a.parquet", "/disk/t/a.parquet")]
    [InlineData("s3://old/warehouse/cold/a.parquet", "/tape/a.parquet")]
    [InlineData("/lake", "s3://new/root")]
    public void Folders_keep_their_inner_order_under_their_new_roots(string from, string to) => Assert.Equal(to, Map().Move(from));

    [Fact]
    public void A_folder_whose_name_only_begins_like_another_is_outside() =>
        Assert.StartsWith("/outside/", Map().Move("/lake2/a.parquet"), StringComparison.Ordinal);

    [Fact]
    public void Files_from_elsewhere_never_meet_although_their_names_are_equal()
    {
        var (one, other) = (Map().Move("/x/part-0.parquet"), Map().Move("/y/part-0.parquet"));
        Assert.NotEqual(one, other);
        Assert.All([one, other], to => Assert.EndsWith("/part-0.parquet", to, StringComparison.Ordinal));
    }

    private static LocationMap Map() => new(
        [("/lake/", "s3://new/root/"), ("s3://old/warehouse", "/disk"), ("s3a://old/warehouse/cold", "/tape")], "/outside");
}
