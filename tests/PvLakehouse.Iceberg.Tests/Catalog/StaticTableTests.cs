using System.IO.Compression;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Catalog;

public sealed class StaticTableTests
{
    private readonly InMemoryFileIO _io = new();

    [Fact]
    public async Task A_table_is_opened_by_its_metadata_file_and_refuses_changes_before_writing_anything()
    {
        var written = await TestTable.CreateAsync(_io);
        await written.NewAppend().Add(TestTable.Month(2025, 6)).CommitAsync(TestTable.Cancel);
        var table = await StaticTable.LoadAsync(_io, written.MetadataLocation, cancellationToken: TestTable.Cancel);
        Assert.Equal("files.energy", table.Identifier.ToString());
        Assert.Equal(["2025-06-0"], await TestTable.FilesAsync(table.NewScan()));

        var before = _io.Locations;
        foreach (var change in new Func<Task>[]
        {
            () => table.NewAppend().Add(TestTable.Month(2025, 7)).CommitAsync(TestTable.Cancel),
            () => table.UpdateAsync(b => b.SetProperties(new Dictionary<string, string> { ["a"] = "b" }), TestTable.Cancel),
            () => table.Catalog.DropTableAsync(table.Identifier, TestTable.Cancel),
        })
        {
            var refusal = await Assert.ThrowsAsync<NotSupportedException>(change);
            Assert.Contains(written.MetadataLocation, refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, _io.Locations);
    }

    [Fact]
    public async Task A_folder_is_opened_at_its_newest_version_and_refreshed_to_a_newer_one()
    {
        var written = await TestTable.CreateAsync(_io);
        var folder = written.Metadata.Location;
        await written.NewAppend().Add(TestTable.Month(2025, 6)).CommitAsync(TestTable.Cancel);
        var table = await StaticTable.LoadAsync(_io, folder + "/", cancellationToken: TestTable.Cancel);
        Assert.Equal(written.MetadataLocation, table.MetadataLocation);
        await written.NewAppend().Add(TestTable.Month(2025, 7)).CommitAsync(TestTable.Cancel);
        await table.RefreshAsync(TestTable.Cancel);
        Assert.Equal(["2025-06-0", "2025-07-0"], await TestTable.FilesAsync(table.NewScan()));
    }

    [Theory]
    [InlineData("2", "v2.metadata.json")]
    [InlineData(" 2\n", "v2.gz.metadata.json")]
    [InlineData("2", "v2.metadata.json.gz")]
    [InlineData("00002-b", "00002-b.metadata.json")]
    [InlineData("00002-b", "00002-b.gz.metadata.json")]
    public async Task The_hint_of_a_table_without_catalog_is_followed(string hint, string current)
    {
        await PutAsync("mem:/t/metadata/v1.metadata.json");
        await PutAsync("mem:/t/metadata/00009-z.metadata.json");
        await PutAsync($"mem:/t/metadata/{current}");
        await PutAsync("mem:/t/metadata/version-hint.text", System.Text.Encoding.UTF8.GetBytes(hint));
        var table = await StaticTable.LoadAsync(_io, "mem:/t", TestTable.Name, TestTable.Cancel);
        Assert.Equal($"mem:/t/metadata/{current}", table.MetadataLocation);
        Assert.Equal(TestTable.Name, table.Identifier);
    }

    [Fact]
    public async Task A_hint_may_lag_behind()
    {
        await PutAsync("mem:/t/metadata/version-hint.text", "1"u8.ToArray());
        foreach (var name in new[] { "v1.metadata.json", "v2.gz.metadata.json", "v3.metadata.json", "v5.metadata.json" })
        {
            await PutAsync($"mem:/t/metadata/{name}");
        }

        Assert.Equal("mem:/t/metadata/v3.metadata.json", await TableMetadataFiles.FindCurrentAsync(_io, "mem:/t", TestTable.Cancel));
    }

    [Theory]
    [InlineData("v2.metadata.json", "v10.metadata.json", "v9.metadata.json", "v11.json", "v12.metadata.json.tmp")]
    [InlineData("00000-a.metadata.json", "00010-a.gz.metadata.json", "00009-a.metadata.json", "snap-77-1-a.avro", "v1.metadata.json")]
    public async Task Without_a_hint_the_highest_number_is_the_newest(params string[] names)
    {
        foreach (var name in names)
        {
            await PutAsync($"mem:/t/metadata/{name}");
        }

        Assert.Equal($"mem:/t/metadata/{names[1]}", await TableMetadataFiles.FindCurrentAsync(_io, "mem:/t", TestTable.Cancel));
    }

    [Fact]
    public async Task What_cannot_be_told_is_refused()
    {
        Assert.Contains("neither version-hint.text nor", (await Refused("mem:/none")).Message, StringComparison.Ordinal);
        Assert.Contains("no such metadata file", (await Refused("mem:/t/v1.metadata.json")).Message, StringComparison.Ordinal);
        await PutAsync("mem:/t/metadata/00001-a.metadata.json");
        await PutAsync("mem:/t/metadata/00001-b.metadata.json");
        Assert.Contains("are version 1", (await Refused("mem:/t")).Message, StringComparison.Ordinal);
        await PutAsync("mem:/u/metadata/version-hint.text", "7"u8.ToArray());
        Assert.Contains("says '7'", (await Refused("mem:/u")).Message, StringComparison.Ordinal);

        Task<IcebergFormatException> Refused(string location) => Assert.ThrowsAsync<IcebergFormatException>(() =>
            StaticTable.LoadAsync(_io, location, cancellationToken: TestTable.Cancel));
    }

    [Theory]
    [InlineData("data/persistent/iceberg/lineitem_iceberg", "v2.metadata.json")]
    [InlineData("data/persistent/iceberg/lineitem_iceberg_no_hint", "v2.metadata.json")]
    [InlineData("data/persistent/uuid", "00001-43fda1f4-1c96-4376-ad16-91beb71d0759.metadata.json")]
    [InlineData("data/persistent/custom_write_paths", "00000-acdf842e-3a9d-4b9b-ad87-daf785831925.metadata.json")]
    [InlineData("data/persistent/equality_deletes/warehouse/mydb/mytable", "v7.metadata.json")]
    [InlineData("data/persistent/name_mapping/warehouse_1/mydb/t1", "v7.metadata.json")]
    public async Task Tables_of_other_implementations_are_found_by_their_folder(string folder, string current)
    {
        var table = await StaticTable.LoadAsync(new LocalFileIO(), SharedFixtures.Path(folder), cancellationToken: TestTable.Cancel);
        Assert.EndsWith($"/{current}", table.MetadataLocation, StringComparison.Ordinal);
    }

    private async Task PutAsync(string location, byte[]? content = null)
    {
        content ??= (await TestTable.CreateAsync()).Metadata.ToJson();
        await using var file = await _io.CreateAsync(location, TestTable.Cancel);
        if (location.Contains(".gz", StringComparison.Ordinal))
        {
            await using var gzip = new GZipStream(file.Content, CompressionLevel.Fastest, leaveOpen: true);
            await gzip.WriteAsync(content, TestTable.Cancel);
        }
        else
        {
            await file.Content.WriteAsync(content, TestTable.Cancel);
        }

        await file.CompleteAsync(TestTable.Cancel);
    }
}
