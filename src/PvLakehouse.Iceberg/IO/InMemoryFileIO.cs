using System.Collections.Concurrent;

namespace PvLakehouse.Iceberg.IO;

/// <summary>Files in memory, for tests and for tables that need not outlive the process.</summary>
public sealed class InMemoryFileIO : IFileIO
{
    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    /// <summary>The locations of all complete files, in ordinal order.</summary>
    public IReadOnlyList<string> Locations => [.. _files.Keys.Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default) =>
        _files.TryGetValue(location, out var bytes)
            ? Task.FromResult<Stream>(new MemoryStream(bytes, writable: false))
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

    /// <summary>Does nothing: memory has no disk to be forced to, and engines write data files elsewhere.</summary>
    public Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
        Task.CompletedTask;

    private static AlreadyExistsException Taken(string location) =>
        new($"File '{location}' is already there; files of tables are never written twice.");

    private sealed class InMemoryNewFile(InMemoryFileIO owner, string location) : NewFile
    {
        private readonly MemoryStream _content = new();

        public override Stream Content => _content;

        public override Task CompleteAsync(CancellationToken cancellationToken = default) =>
            owner._files.TryAdd(location, _content.ToArray()) ? Task.CompletedTask : throw Taken(location);

        public override ValueTask DisposeAsync() => _content.DisposeAsync();
    }
}
