using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace PvLakehouse.Iceberg.IO;

/// <summary>Files in memory, for tests and for tables that need not outlive the process.</summary>
/// <param name="time">Clock that dates the files; the system's when null.</param>
public sealed class InMemoryFileIO(TimeProvider? time = null) : IFileIO
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ConcurrentDictionary<string, Content> _files = new(StringComparer.Ordinal);

    /// <summary>The locations of all complete files, in ordinal order.</summary>
    public IReadOnlyList<string> Locations => [.. _files.Keys.Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default) =>
        _files.TryGetValue(location, out var file)
            ? Task.FromResult<Stream>(new MemoryStream(file.Bytes, writable: false))
            : throw new FileNotFoundException($"There is no file '{location}'.", location);

    /// <inheritdoc/>
    public Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default) =>
        _files.ContainsKey(location) ? throw Taken(location) : Task.FromResult<NewFile>(new InMemoryNewFile(this, location));

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default) =>
        Task.FromResult(_files.ContainsKey(location));

    /// <inheritdoc/>
    public Task DeleteAsync(string location, CancellationToken cancellationToken = default)
    {
        _files.TryRemove(location, out _);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task DeleteManyAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(locations);
        foreach (var location in locations)
        {
            _files.TryRemove(location, out _);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredFile> ListAsync(
        string folder, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        await Task.CompletedTask;
        var prefix = $"{folder.TrimEnd('/')}/";
        foreach (var (location, file) in _files.Where(f => f.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new StoredFile(location, file.Bytes.Length, file.Written);
        }
    }

    /// <summary>Does nothing: memory has no disk to be forced to, and engines write data files elsewhere.</summary>
    public Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
        Task.CompletedTask;

    private static AlreadyExistsException Taken(string location) =>
        new($"File '{location}' is already there; files of tables are never written twice.");

    private sealed record Content(byte[] Bytes, DateTimeOffset Written);

    private sealed class InMemoryNewFile(InMemoryFileIO owner, string location) : NewFile
    {
        private readonly MemoryStream _content = new();

        public override Stream Content => _content;

        public override Task CompleteAsync(CancellationToken cancellationToken = default) =>
            owner._files.TryAdd(location, new Content(_content.ToArray(), owner._time.GetUtcNow())) ? Task.CompletedTask : throw Taken(location);

        public override ValueTask DisposeAsync() => _content.DisposeAsync();
    }
}
