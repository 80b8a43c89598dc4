using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.IO;

public sealed class LocationProviderTests
{
    /// <summary>The vectors of the reference implementation (TestLocationProvider.testHashInjection).</summary>
    [Theory]
    [InlineData("a", "0101/0110/1001/10110010")]
    [InlineData("b", "1110/0111/1110/00000011")]
    [InlineData("c", "0010/1101/0110/01011111")]
    [InlineData("d", "1001/0001/0100/01110011")]
    public async Task Object_storage_spreads_files_by_a_hash_of_their_name(string name, string folders)
    {
        var table = await TestTable.CreateAsync(spec: PartitionSpec.Unpartitioned, properties: new() { ["write.object-storage.enabled"] = "true" });
        Assert.Equal($"mem:/warehouse/silver/energy/data/{folders}/{name}", table.Locations.DataFile(table.Spec, PartitionValues.None, name));

        // Without names of partitions the last part of the hash becomes part of the file's name.
        await table.UpdateProperties().Set("write.object-storage.partitioned-paths", "false").CommitAsync(TestTable.Cancel);
        Assert.Equal($"mem:/warehouse/silver/energy/data/{folders}-{name}", table.Locations.DataFile(table.Spec, PartitionValues.None, name));

        // Tables that share a folder are told apart.
        await table.UpdateProperties().Set("write.data.path", "mem:/shared/").CommitAsync(TestTable.Cancel);
        Assert.Equal($"mem:/shared/{folders}/silver/energy/{name}", table.Locations.DataFile(table.Spec, PartitionValues.None, name));
    }

    [Fact]
    public async Task Names_of_partitions_follow_the_hash_unless_the_table_says_otherwise()
    {
        var table = await TestTable.CreateAsync(properties: new() { ["write.object-storage.enabled"] = "true" });
        var partition = TestTable.Month(2025, 1).Partition;
        Assert.Matches("^mem:/warehouse/silver/energy/data/[01]{4}/[01]{4}/[01]{4}/[01]{8}/date_hour_month=2025-01/a$", table.Locations.DataFile(table.Spec, partition, "a"));
        await table.UpdateProperties().Set("write.object-storage.partitioned-paths", "false").CommitAsync(TestTable.Cancel);
        Assert.Equal("mem:/warehouse/silver/energy/data/0101/0110/1001/10110010-a", table.Locations.DataFile(table.Spec, partition, "a"));
    }

    [Fact]
    public async Task Data_and_metadata_go_where_the_table_says()
    {
        var table = await TestTable.CreateAsync(properties: new() { ["write.data.path"] = "mem:/d/", ["write.metadata.path"] = "mem:/m" });
        Assert.Equal("mem:/d/date_hour_month=2025-01/a", table.Locations.DataFile(table.Spec, TestTable.Month(2025, 1).Partition, "a"));
        var snapshot = await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        Assert.All([snapshot.ManifestList!, table.MetadataLocation, (await Entries.ManifestsAsync(table))[0].Path], l => Assert.StartsWith("mem:/m/", l, StringComparison.Ordinal));
        await table.UpdateProperties().Remove("write.data.path").Remove("write.metadata.path").CommitAsync(TestTable.Cancel);
        await table.UpdateLocationAsync("mem:/elsewhere/", TestTable.Cancel);
        Assert.Equal(("mem:/elsewhere/data", "mem:/elsewhere/metadata"), (table.Locations.DataRoot, table.Locations.MetadataRoot));
        Assert.StartsWith("mem:/elsewhere/metadata/", table.MetadataLocation, StringComparison.Ordinal);
    }
}
