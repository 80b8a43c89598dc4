using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Maintenance;

public sealed class FileRemovalTests
{
    [Theory]
    [InlineData(999, "999")]
    [InlineData(1000, "1000")]
    [InlineData(2001, "1000 1000 1")]
    public async Task Files_are_removed_in_batches_of_at_most_a_thousand_each_once(int count, string batches)
    {
        var files = new Batches();
        var removed = new List<int>();
        var removal = new FileRemoval<int>(files, n => $"mem:/{n}", removed.Add);
        for (var i = 0; i < count; i++)
        {
            await removal.AddAsync(i, TestTable.Cancel);
        }

        await removal.FlushAsync(TestTable.Cancel);
        await removal.FlushAsync(TestTable.Cancel);

        // S3 takes no more than 1000 in one request.
        Assert.Equal(batches, string.Join(' ', files.Sizes));
        Assert.Equal(Enumerable.Range(0, count), removed);
        Assert.Equal((0, null), (removal.Failed, removal.FirstFailure));
    }

    /// <summary>Storage that only knows how many files each request removes.</summary>
    private sealed class Batches : IFileIO
    {
        public List<int> Sizes { get; } = [];

        public Task DeleteManyAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default)
        {
            Sizes.Add(locations.Count);
            return Task.CompletedTask;
        }

        public Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task DeleteAsync(string location, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public IAsyncEnumerable<StoredFile> ListAsync(string folder, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
