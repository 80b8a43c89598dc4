using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace PvLakehouse.Iceberg.S3;

/// <summary>Writes objects that must not be there yet, and tells its own from others'.</summary>
internal sealed class S3Objects(S3Store store)
{
    /// <summary>Every object carries the random id of the write that made it, so that a lost answer can be looked up.</summary>
    private const string WriteId = "x-amz-meta-write-id";

    /// <summary>Writes a whole object in one request.</summary>
    /// <exception cref="AlreadyExistsException">Another write made the object.</exception>
    public Task PutAsync(S3Location location, ReadOnlyMemory<byte> content, Guid write, CancellationToken cancellationToken) => store.SendAsync(
        "written",
        location,
        async (client, token) =>
        {
            using var body = AsStream(content);
            var request = new PutObjectRequest
            {
                BucketName = location.Bucket,
                Key = location.Key,
                InputStream = body,
                AutoCloseStream = false,
                UseChunkEncoding = false,
                IfNoneMatch = "*",
            };
            request.Metadata.Add(WriteId, write.ToString("D"));
            try
            {
                await client.PutObjectAsync(request, token);
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.PreconditionFailed)
            {
                // A repeated request finds what the first one wrote when only the answer was lost.
                if (!await IsFromAsync(client, location, write, token))
                {
                    throw Taken(location, e);
                }
            }

            return true;
        },
        cancellationToken);

    /// <summary>Starts an object of several parts.</summary>
    /// <returns>The id of the upload.</returns>
    public Task<string> StartAsync(S3Location location, Guid write, CancellationToken cancellationToken) => store.SendAsync(
        "written",
        location,
        async (client, token) =>
        {
            var request = new InitiateMultipartUploadRequest { BucketName = location.Bucket, Key = location.Key };
            request.Metadata.Add(WriteId, write.ToString("D"));
            return (await client.InitiateMultipartUploadAsync(request, token)).UploadId;
        },
        cancellationToken);

    /// <summary>Writes a part; the same part written twice counts once.</summary>
    public Task<PartETag> PutPartAsync(
        S3Location location, string upload, int number, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => store.SendAsync(
        "written",
        location,
        async (client, token) =>
        {
            using var body = AsStream(content);
            var answer = await client.UploadPartAsync(
                new UploadPartRequest
                {
                    BucketName = location.Bucket,
                    Key = location.Key,
                    UploadId = upload,
                    PartNumber = number,
                    PartSize = content.Length,
                    InputStream = body,
                    UseChunkEncoding = false,
                },
                token);
            return new PartETag(number, answer.ETag);
        },
        cancellationToken);

    /// <summary>Makes one object of the parts.</summary>
    /// <remarks>
    /// Not every store compares at this request (Ceph 16 does not), so it is looked first; between the look and the
    /// request another writer of the same name would go unnoticed. Names of table files hold a uuid.
    /// </remarks>
    /// <exception cref="AlreadyExistsException">Another write made the object.</exception>
    public Task CompleteAsync(
        S3Location location, string upload, List<PartETag> parts, Guid write, CancellationToken cancellationToken) => store.SendAsync(
        "written",
        location,
        async (client, token) =>
        {
            if (await FindAsync(client, location, token) is { } found)
            {
                return found.Metadata[WriteId] == write.ToString("D") ? true : throw Taken(location, null);
            }

            var request = new CompleteMultipartUploadRequest
            {
                BucketName = location.Bucket,
                Key = location.Key,
                UploadId = upload,
                PartETags = parts,
                IfNoneMatch = "*",
            };
            try
            {
                await client.CompleteMultipartUploadAsync(request, token);
            }
            catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.NotFound)
            {
                // An upload that is gone was completed by a request whose answer was lost, unless somebody stopped it.
                if (!await IsFromAsync(client, location, write, token))
                {
                    throw e.StatusCode == HttpStatusCode.PreconditionFailed ? Taken(location, e) : new IcebergException(
                        $"{location} was not written: its upload '{upload}' was stopped by somebody else.", e);
                }
            }

            return true;
        },
        cancellationToken);

    /// <summary>Gives up an object of several parts; the parts are removed.</summary>
    public Task AbandonAsync(S3Location location, string upload) => store.SendAsync(
        "given up",
        location,
        async (client, token) => await client.AbortMultipartUploadAsync(
            new AbortMultipartUploadRequest { BucketName = location.Bucket, Key = location.Key, UploadId = upload }, token),
        CancellationToken.None);

    private static async Task<bool> IsFromAsync(AmazonS3Client client, S3Location location, Guid write, CancellationToken cancellationToken) =>
        (await FindAsync(client, location, cancellationToken))?.Metadata[WriteId] == write.ToString("D");

    /// <summary>The head of an object; null when there is none, or when the user may not know.</summary>
    private static async Task<GetObjectMetadataResponse?> FindAsync(
        AmazonS3Client client, S3Location location, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetObjectMetadataAsync(location.Bucket, location.Key, cancellationToken);
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
        {
            // Users who may not list a bucket are refused for objects that are not there.
            return null;
        }
    }

    private static MemoryStream AsStream(ReadOnlyMemory<byte> content) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(content, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);

    private static AlreadyExistsException Taken(S3Location location, Exception? cause) =>
        new($"Object {location} is already there; files of tables are never written twice.", cause);
}
