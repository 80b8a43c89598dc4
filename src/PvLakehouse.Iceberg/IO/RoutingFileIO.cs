using System.Runtime.CompilerServices;

namespace PvLakehouse.Iceberg.IO;

/// <summary>Several storages behind one: the scheme of a location decides which is asked.</summary>
/// <remarks>Locations without a scheme are paths of the local file system, whose scheme is <c>file</c>.</remarks>
public sealed class RoutingFileIO : IFileIO
{
    private readonly Dictionary<string, IFileIO> _byScheme;

    /// <summary>Routes by scheme.</summary>
    /// <param name="byScheme">The storage of each scheme, without "://" and in any case: file, s3, s3a.</param>
    public RoutingFileIO(IEnumerable<KeyValuePair<string, IFileIO>> byScheme) =>
        _byScheme = new(byScheme, StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default) =>
        For(location).OpenReadAsync(location, cancellationToken);

    /// <inheritdoc/>
    public Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default) =>
        For(location).CreateAsync(location, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default) =>
        For(location).ExistsAsync(location, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(string location, CancellationToken cancellationToken = default) =>
        For(location).DeleteAsync(location, cancellationToken);

    /// <inheritdoc/>
    public async Task DeleteManyAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(locations);
        var failures = new List<IOException>();
        foreach (var group in locations.GroupBy(For))
        {
            try
            {
                await group.Key.DeleteManyAsync([.. group], cancellationToken);
            }
            catch (IOException e)
            {
                // The files of the other storages are removed all the same, as the interface promises.
                failures.Add(e);
            }
        }

        if (failures.Count > 0)
        {
            throw failures.Count == 1 ? failures[0] : new IOException(
                string.Join(' ', failures.Select(f => f.Message)), new AggregateException(failures));
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredFile> ListAsync(
        string folder, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var file in For(folder).ListAsync(folder, cancellationToken))
        {
            yield return file;
        }
    }

    /// <inheritdoc/>
    public async Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(locations);
        foreach (var group in locations.GroupBy(For))
        {
            await group.Key.PersistAsync([.. group], cancellationToken);
        }
    }

    /// <summary>The scheme of a location: s3 of <c>s3://bucket/key</c>, file of a path.</summary>
    public static string SchemeOf(string location)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        var colon = location.IndexOf(':', StringComparison.Ordinal);

        // A scheme has two characters at least; one is a drive of Windows.
        return colon > 1 && location.AsSpan(0, colon).IndexOfAnyExcept(SchemeCharacters) < 0 ? location[..colon] : "file";
    }

    private static readonly System.Buffers.SearchValues<char> SchemeCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private IFileIO For(string location) => _byScheme.TryGetValue(SchemeOf(location), out var io) ? io : throw new ArgumentException(
        $"'{location}' lies in a storage that is not set up; set up are: {string.Join(", ", _byScheme.Keys.Order(StringComparer.Ordinal))}.",
        nameof(location));
}
