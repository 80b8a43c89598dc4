using System.Text;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Tests.IO;

/// <summary>What tables need of every storage.</summary>
public abstract class FileIOContract
{
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract IFileIO Io { get; }

    /// <summary>A folder that only this test uses.</summary>
    protected abstract string Folder { get; }

    [Fact]
    public async Task A_file_is_there_once_it_is_complete_and_not_before()
    {
        var location = $"{Folder}/a";
        await using (var file = await Io.CreateAsync(location, Cancel))
        {
            await file.Content.WriteAsync("half"u8.ToArray(), Cancel);
            file.Content.Write("way"u8);
            await file.CompleteAsync(Cancel);
        }

        Assert.True(await Io.ExistsAsync(location, Cancel));
        Assert.Equal("halfway", await ReadAsync(location));
    }

    [Fact]
    public async Task A_file_that_is_given_up_leaves_nothing()
    {
        await using (var file = await Io.CreateAsync($"{Folder}/a", Cancel))
        {
            await file.Content.WriteAsync(new byte[100_000], Cancel);
        }

        Assert.False(await Io.ExistsAsync($"{Folder}/a", Cancel));
        Assert.Empty(await ListAsync(Folder));
    }

    [Fact]
    public async Task A_file_is_never_written_twice()
    {
        await WriteAsync($"{Folder}/a", "first");
        await Assert.ThrowsAsync<AlreadyExistsException>(() => WriteAsync($"{Folder}/a", "second"));
        await Assert.ThrowsAsync<AlreadyExistsException>(() => WriteAsync($"{Folder}/a", "first"));
        Assert.Equal("first", await ReadAsync($"{Folder}/a"));
    }

    [Fact]
    public async Task Of_writers_of_one_name_exactly_one_wins()
    {
        for (var round = 0; round < 5; round++)
        {
            var location = $"{Folder}/{round}";
            var wins = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
            {
                try
                {
                    await WriteAsync(location, $"writer {writer}");
                    return writer;
                }
                catch (AlreadyExistsException)
                {
                    return -1;
                }
            })));
            Assert.Equal($"writer {Assert.Single(wins, w => w >= 0)}", await ReadAsync(location));
        }
    }

    [Fact]
    public async Task Missing_files_are_told_as_such()
    {
        Assert.False(await Io.ExistsAsync($"{Folder}/none", Cancel));
        await Assert.ThrowsAsync<FileNotFoundException>(() => Io.OpenReadAsync($"{Folder}/none", Cancel));
        await Io.DeleteAsync($"{Folder}/none", Cancel);
        await Io.DeleteManyAsync([$"{Folder}/none", $"{Folder}/nothing"], Cancel);
        Assert.Empty(await ListAsync($"{Folder}/none"));
    }

    [Fact]
    public async Task An_empty_file_is_a_file()
    {
        await WriteAsync($"{Folder}/empty", "");
        Assert.Equal("", await ReadAsync($"{Folder}/empty"));
        Assert.Equal([($"{Folder}/empty", 0L)], await ListAsync(Folder));
    }

    [Fact]
    public async Task Reads_may_jump_to_any_place()
    {
        var content = new byte[3_000_000];
        new Random(7).NextBytes(content);
        await WriteAsync($"{Folder}/big", content);
        await using var stream = await Io.OpenReadAsync($"{Folder}/big", Cancel);
        Assert.Equal(content.Length, stream.Length);
        var random = new Random(11);
        for (var i = 0; i < 60; i++)
        {
            var position = random.Next(content.Length);
            var count = Math.Min(random.Next(1, 300_000), content.Length - position);
            var read = new byte[count];
            Assert.Equal(position, stream.Seek(position - content.Length, SeekOrigin.End));
            if (i % 2 == 0)
            {
                await stream.ReadExactlyAsync(read, Cancel);
            }
            else
            {
                stream.ReadExactly(read);
            }

            Assert.True(content.AsSpan(position, count).SequenceEqual(read), $"{count} bytes at {position}");
            Assert.Equal(position + count, stream.Position);
        }

        stream.Position = content.Length;
        Assert.Equal(0, await stream.ReadAsync(new byte[10], Cancel));
    }

    [Fact]
    public async Task A_file_of_many_pieces_reads_back_whole()
    {
        // More than three parts of the smallest size that S3 takes, with a last part that is smaller.
        var piece = new byte[1_000_003];
        new Random(3).NextBytes(piece);
        await using (var file = await Io.CreateAsync($"{Folder}/large", Cancel))
        {
            for (var i = 0; i < 18; i++)
            {
                await file.Content.WriteAsync(piece, Cancel);
            }

            await file.CompleteAsync(Cancel);
        }

        await using var stream = await Io.OpenReadAsync($"{Folder}/large", Cancel);
        Assert.Equal(18L * piece.Length, stream.Length);
        var read = new byte[piece.Length];
        for (var i = 0; i < 18; i++)
        {
            await stream.ReadExactlyAsync(read, Cancel);
            Assert.True(piece.AsSpan().SequenceEqual(read), $"piece {i}");
        }

        Assert.Equal(-1, stream.ReadByte());
        await Assert.ThrowsAsync<AlreadyExistsException>(async () =>
        {
            await using var again = await Io.CreateAsync($"{Folder}/large", Cancel);
            for (var i = 0; i < 6; i++)
            {
                await again.Content.WriteAsync(piece, Cancel);
            }

            await again.CompleteAsync(Cancel);
        });
        Assert.Equal([($"{Folder}/large", 18L * piece.Length)], await ListAsync(Folder));
    }

    [Theory]
    [InlineData("a b+c=d%2Fe")]
    [InlineData("name=ä€😀")]
    [InlineData("it's (1) & [2], 100%")]
    [InlineData(".hidden")]
    [InlineData("x..y~z!*'();:@&=$,?#")]
    public async Task Names_with_signs_stand_for_themselves(string name)
    {
        var location = $"{Folder}/{name}/{name}";
        await WriteAsync(location, name);
        Assert.Equal(name, await ReadAsync(location));
        Assert.Equal([(location, (long)Encoding.UTF8.GetByteCount(name))], await ListAsync(Folder));
        await Io.DeleteManyAsync([location], Cancel);
        Assert.False(await Io.ExistsAsync(location, Cancel));
    }

    [Fact]
    public async Task A_listing_gives_every_file_below_a_folder_and_nothing_beside_it()
    {
        foreach (var name in new[] { "data/a", "data/x/b", "data/x/y/c", "database/d", "dat" })
        {
            await WriteAsync($"{Folder}/{name}", name);
        }

        Assert.Equal(
            [($"{Folder}/data/a", 6L), ($"{Folder}/data/x/b", 8L), ($"{Folder}/data/x/y/c", 10L)], await ListAsync($"{Folder}/data"));
        Assert.Equal(3, (await ListAsync($"{Folder}/data/")).Count);
    }

    [Fact]
    public async Task Listings_and_removals_of_more_than_a_thousand_files_are_complete()
    {
        var names = Enumerable.Range(0, 2100).Select(n => $"{Folder}/{n:0000}").ToList();
        await Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancel }, async (name, _) =>
            await WriteAsync(name, "x"));
        Assert.Equal(names, (await ListAsync(Folder)).Select(f => f.Location));
        await Io.DeleteManyAsync([.. names.Skip(1), $"{Folder}/none"], Cancel);
        Assert.Equal([(names[0], 1L)], await ListAsync(Folder));
    }

    [Fact]
    public async Task Only_files_that_are_there_can_be_made_durable()
    {
        await WriteAsync($"{Folder}/a", "x");
        await Io.PersistAsync([$"{Folder}/a"], Cancel);
        if (Io is not InMemoryFileIO)
        {
            await Io.DeleteAsync($"{Folder}/a", Cancel);
            await Assert.ThrowsAsync<FileNotFoundException>(() => Io.PersistAsync([$"{Folder}/a"], Cancel));
            await Assert.ThrowsAsync<FileNotFoundException>(() => Io.PersistAsync([$"{Folder}/none"], Cancel));
        }
    }

    protected Task WriteAsync(string location, string text) => WriteAsync(location, Encoding.UTF8.GetBytes(text));

    protected async Task WriteAsync(string location, byte[] content)
    {
        await using var file = await Io.CreateAsync(location, Cancel);
        await file.Content.WriteAsync(content, Cancel);
        await file.CompleteAsync(Cancel);
    }

    protected async Task<string> ReadAsync(string location)
    {
        await using var stream = await Io.OpenReadAsync(location, Cancel);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Cancel);
    }

    protected async Task<List<(string Location, long Size)>> ListAsync(string folder)
    {
        var found = new List<(string, long)>();
        await foreach (var file in Io.ListAsync(folder, Cancel))
        {
            found.Add((file.Location, file.Size));
        }

        found.Sort((a, b) => string.CompareOrdinal(a.Item1, b.Item1));
        return found;
    }
}
