using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.S3;

/// <summary>Files in the buckets of an S3 store: AWS, Ceph, MinIO and others that speak its protocol.</summary>
/// <remarks>
/// Locations are <c>s3://bucket/key</c>; <c>s3a</c> and <c>s3n</c>, which Hadoop writes, name the same objects. A file
/// appears as a whole and is durable when it is complete. A file up to one part is refused by the store itself when it is
/// already there (If-None-Match); for larger ones, and in stores or buckets that ignore the condition, two writers of one
/// name at the same moment may go unnoticed, so names should hold something random, as all names of table files do.
/// Memory: two parts for each file that is being written, at most 8 MiB for each that is being read.
/// </remarks>
public sealed class S3FileIO : IFileIO, IDisposable
{
    /// <summary>S3 removes no more in one request.</summary>
    private const int MostPerDelete = 1000;

    private const int ParallelRequests = 16;

    private readonly S3Store _store;
    private readonly S3Objects _objects;
    private readonly OwnWrites _own = new();

    /// <summary>Prepares to reach a store; the first request is sent by the first use.</summary>
    /// <param name="options">How to reach it.</param>
    /// <param name="time">Clock of waits and limits; the system's when null.</param>
    public S3FileIO(S3Options options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var ids = new Commit.IdSource();
        _store = new S3Store(options, time ?? TimeProvider.System, ids.NextDouble);
        _objects = new S3Objects(_store);
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default) =>
        await S3ReadStream.OpenAsync(_store, ObjectOf(location), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Whether the file is already there shows when it is completed.</remarks>
    public Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var target = ObjectOf(location);
        return Task.FromResult<NewFile>(new S3NewFile(_objects, target, _store.Options.PartSize, () => _own.Add(target)));
    }

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default)
    {
        var target = ObjectOf(location);
        try
        {
            await _store.SendAsync(
                "looked for", target, (client, token) => client.GetObjectMetadataAsync(target.Bucket, target.Key, token), cancellationToken);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string location, CancellationToken cancellationToken = default)
    {
        var target = ObjectOf(location);
        await _store.SendAsync(
            "deleted", target, (client, token) => client.DeleteObjectAsync(target.Bucket, target.Key, token), cancellationToken);
        _own.Remove(target);
    }

    /// <inheritdoc/>
    public async Task DeleteManyAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(locations);
        var failures = new List<string>();
        foreach (var bucket in locations.Select(ObjectOf).Distinct().GroupBy(l => l.Bucket, StringComparer.Ordinal))
        {
            foreach (var chunk in bucket.Chunk(MostPerDelete))
            {
                await DeleteChunkAsync(bucket.Key, chunk, failures, cancellationToken);
            }
        }

        if (failures.Count > 0)
        {
            throw new IOException(
                $"{failures.Count} of {locations.Count} objects could not be deleted. The first: {failures[0]}");
        }
    }

    /// <inheritdoc/>
    /// <remarks>Empty objects whose names end with a slash stand for folders and are left out.</remarks>
    public async IAsyncEnumerable<StoredFile> ListAsync(
        string folder, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var prefix = folder.TrimEnd('/');
        var root = S3Location.Parse(prefix);
        var request = new ListObjectsV2Request
        {
            BucketName = root.Bucket,
            Prefix = root.Key.Length == 0 ? "" : $"{root.Key}/",
        };
        do
        {
            var page = await _store.SendAsync(
                "listed", root, (client, token) => client.ListObjectsV2Async(request, token), cancellationToken);
            foreach (var found in page.S3Objects ?? [])
            {
                if (!found.Key.EndsWith('/') || found.Size > 0)
                {
                    yield return new StoredFile(
                        $"{prefix}/{found.Key[request.Prefix.Length..]}",
                        found.Size ?? 0,
                        new DateTimeOffset(found.LastModified?.ToUniversalTime() ?? DateTime.UnixEpoch));
                }
            }

            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    /// <summary>
    /// Looks whether files that others have written are there; a store keeps what it has confirmed, so there is no more to do.
    /// </summary>
    /// <exception cref="FileNotFoundException">One of the files is not there.</exception>
    public Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(locations);
        return Parallel.ForEachAsync(
            locations.Where(l => !_own.Contains(ObjectOf(l))),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelRequests, CancellationToken = cancellationToken },
            async (location, token) =>
            {
                if (!await ExistsAsync(location, token))
                {
                    throw new FileNotFoundException(
                        $"There is no object '{location}'; files must be written before they are committed.", location);
                }
            });
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _store.Dispose();

    private static S3Location ObjectOf(string location)
    {
        var parsed = S3Location.Parse(location);
        return parsed.Key.Length > 0 ? parsed : throw new ArgumentException(
            $"'{location}' names a bucket; expected an object, s3://bucket/key.", nameof(location));
    }

    private async Task DeleteChunkAsync(
        string bucket, S3Location[] chunk, List<string> failures, CancellationToken cancellationToken)
    {
        var request = new DeleteObjectsRequest
        {
            BucketName = bucket,
            Quiet = true,
            Objects = [.. chunk.Select(l => new KeyVersion { Key = l.Key })],
        };
        var errors = await _store.SendAsync(
            "deleted",
            new S3Location(bucket, chunk[0].Key),
            async (client, token) =>
            {
                try
                {
                    await client.DeleteObjectsAsync(request, token);
                    return [];
                }
                catch (DeleteObjectsException e)
                {
                    return e.Response.DeleteErrors ?? [];
                }
                catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.Forbidden)
                {
                    return (List<DeleteError>?)null;
                }
            },
            cancellationToken);
        if (errors is null)
        {
            // Some stores (Ceph 16) grant this request only to those who may change the bucket, not just its objects.
            await DeleteOneByOneAsync(chunk, failures, cancellationToken);
            return;
        }

        failures.AddRange(errors
            .Where(e => e.Code != "NoSuchKey")
            .Select(e => $"s3://{bucket}/{e.Key}: {e.Code} {e.Message}"));
        foreach (var location in chunk)
        {
            _own.Remove(location);
        }
    }

    private Task DeleteOneByOneAsync(S3Location[] chunk, List<string> failures, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            chunk,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelRequests, CancellationToken = cancellationToken },
            async (location, token) =>
            {
                try
                {
                    await DeleteAsync(location.ToString(), token);
                }
                catch (IOException e)
                {
                    lock (failures)
                    {
                        failures.Add(e.Message);
                    }
                }
            });
}
