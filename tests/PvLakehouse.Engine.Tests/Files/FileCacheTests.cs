using System.Text;
using Microsoft.Extensions.Time.Testing;
using PvLakehouse.Engine.Files;

namespace PvLakehouse.Engine.Tests.Files;

public sealed class FileCacheTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pvlake-cache-").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly CountingFileIO _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_is_fetched_once_and_kept_over_restarts()
    {
        var file = await PutAsync("a", 10);
        using (var first = await Cache(100).OpenAsync(_store, [file, file], Cancel))
        {
            Assert.Equal(new string('a', 10), await File.ReadAllTextAsync(first.Paths[0], Cancel));
            Assert.Equal(first.Paths[0], first.Paths[1]);
        }

        using var second = await Cache(100).OpenAsync(_store, [file], Cancel);
        Assert.Equal(new string('a', 10), await File.ReadAllTextAsync(second.Paths[0], Cancel));
        Assert.Equal(1, _store.Reads);
    }

    [Fact]
    public async Task The_least_recently_used_files_go_when_the_bound_is_passed()
    {
        var cache = Cache(25);
        var (a, b, c) = (await PutAsync("a", 10), await PutAsync("b", 10), await PutAsync("c", 10));
        await UseAsync(cache, a);
        await UseAsync(cache, b);
        await UseAsync(cache, a);
        await UseAsync(cache, c);

        Assert.Equal(["a", "c"], Kept());
        Assert.Equal(3, _store.Reads);
    }

    [Fact]
    public async Task One_statement_may_need_more_than_the_bound_and_the_folder_is_trimmed_after_it()
    {
        var cache = Cache(25);
        var files = new List<StoredObject>();
        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            files.Add(await PutAsync(name, 10));
        }

        using (var held = await cache.OpenAsync(_store, files, Cancel))
        {
            Assert.All(held.Paths, p => Assert.Equal(10, new FileInfo(p).Length));
            await UseAsync(cache, await PutAsync("e", 10));
            Assert.All(held.Paths, p => Assert.True(File.Exists(p)));
        }

        Assert.Equal(2, Kept().Length);
    }

    [Fact]
    public async Task A_file_that_another_cache_on_the_folder_uses_stays()
    {
        var (a, b) = (await PutAsync("a", 10), await PutAsync("b", 10));
        using (var held = await Cache(5).OpenAsync(_store, [a], Cancel))
        {
            await UseAsync(Cache(5), b);
            Assert.True(File.Exists(held.Paths[0]));
        }

        Assert.Empty(Kept());
    }

    [Fact]
    public async Task Statements_that_want_one_file_at_once_share_the_download()
    {
        var cache = Cache(100);
        var file = await PutAsync("a", 10);
        _store.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = cache.OpenAsync(_store, [file], Cancel);
        var second = cache.OpenAsync(_store, [file], Cancel);
        _store.Gate.SetResult();

        using var one = await first;
        using var two = await second;
        Assert.Equal(1, _store.Reads);
        Assert.Equal(one.Paths, two.Paths);
    }

    [Fact]
    public async Task One_who_gives_up_does_not_take_the_file_from_the_others()
    {
        var cache = Cache(100);
        var file = await PutAsync("a", 10);
        _store.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = new CancellationTokenSource();
        var first = cache.OpenAsync(_store, [file], stop.Token);
        var second = cache.OpenAsync(_store, [file], Cancel);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _store.Gate.SetResult();

        using var held = await second;
        Assert.Equal(10, new FileInfo(held.Paths[0]).Length);
    }

    [Fact]
    public async Task A_file_of_another_length_than_the_table_says_is_refused_and_not_kept()
    {
        var file = await PutAsync("a", 10);
        var error = await Assert.ThrowsAsync<SqlEngineException>(
            () => Cache(100).OpenAsync(_store, [file with { Size = 11 }], Cancel));
        Assert.Equal(
            "The data file 's3://lake/a' has 10 bytes, but the table says 11; it was damaged or replaced.", error.Message);
        Assert.Equal(["lock"], Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_damaged_copy_is_fetched_again()
    {
        var file = await PutAsync("a", 10);
        await UseAsync(Cache(100), file);
        var copy = Assert.Single(Directory.EnumerateFiles(_folder, "*.parquet", SearchOption.AllDirectories));
        await File.WriteAllTextAsync(copy, "aaa", Cancel);

        using var held = await Cache(100).OpenAsync(_store, [file], Cancel);
        Assert.Equal(new string('a', 10), await File.ReadAllTextAsync(held.Paths[0], Cancel));
        Assert.Equal(2, _store.Reads);
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        var error = await Assert.ThrowsAsync<SqlEngineException>(
            () => Cache(100).OpenAsync(_store, [new StoredObject("s3://lake/gone", 1)], Cancel));
        Assert.Equal("The data file 's3://lake/gone' is not there, though the table refers to it.", error.Message);
    }

    [Fact]
    public async Task Downloads_that_a_dead_process_left_are_removed_and_running_ones_are_not()
    {
        var downloads = Directory.CreateDirectory(Path.Combine(_folder, "downloads")).FullName;
        var (old, young) = (Path.Combine(downloads, "old.part"), Path.Combine(downloads, "young.part"));
        foreach (var path in new[] { old, young })
        {
            await File.WriteAllTextAsync(path, "half", Cancel);
        }

        File.SetLastWriteTimeUtc(old, _clock.GetUtcNow().UtcDateTime.AddHours(-2));
        File.SetLastWriteTimeUtc(young, _clock.GetUtcNow().UtcDateTime.AddMinutes(-5));
        await UseAsync(Cache(100), await PutAsync("a", 10));

        Assert.False(File.Exists(old));
        Assert.True(File.Exists(young));
    }

    [Fact]
    public async Task Many_readers_of_a_crowded_cache_always_read_whole_files()
    {
        var files = new List<StoredObject>();
        for (var i = 0; i < 12; i++)
        {
            files.Add(await PutAsync(((char)('a' + i)).ToString(), 1000 + i));
        }

        // Two caches on one folder stand for two processes: each knows nothing of what the other holds.
        FileCache[] caches = [Cache(3000), Cache(3000)];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var round = 0; round < 40; round++)
            {
                var wanted = files.OrderBy(_ => random.Next()).Take(random.Next(1, 5)).ToList();
                using var held = await caches[worker % 2].OpenAsync(_store, wanted, Cancel);
                foreach (var (file, path) in wanted.Zip(held.Paths))
                {
                    Assert.Equal(file.Size, new FileInfo(path).Length);
                    Assert.Equal(file.Location[^1], (await File.ReadAllTextAsync(path, Cancel))[^1]);
                }
            }
        })));

        Assert.InRange(Kept().Length, 0, 2);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private FileCache Cache(long bound) => new(_folder, bound, _clock);

    private async Task UseAsync(FileCache cache, StoredObject file)
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        using var held = await cache.OpenAsync(_store, [file], Cancel);
    }

    private async Task<StoredObject> PutAsync(string name, int size)
    {
        var location = $"s3://lake/{name}";
        await using var file = await _store.CreateAsync(location, Cancel);
        await file.Content.WriteAsync(Encoding.ASCII.GetBytes(new string(name[0], size)), Cancel);
        await file.CompleteAsync(Cancel);
        return new StoredObject(location, size);
    }

    /// <summary>The first letters of the files in the cache.</summary>
    private string[] Kept() =>
    [
        .. Directory.EnumerateFiles(_folder, "*.parquet", SearchOption.AllDirectories)
            .Select(p => File.ReadAllText(p)[..1]).Order(StringComparer.Ordinal),
    ];
}
