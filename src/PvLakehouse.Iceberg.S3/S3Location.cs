namespace PvLakehouse.Iceberg.S3;

/// <summary>A bucket and a key in it; the key may be empty.</summary>
/// <param name="Bucket">Name of the bucket.</param>
/// <param name="Key">Name within the bucket, taken as it is written: nothing is decoded.</param>
public readonly record struct S3Location(string Bucket, string Key)
{
    private static readonly string[] Schemes = ["s3://", "s3a://", "s3n://"];

    /// <summary>Whether a location names an object of an S3 store: s3, or s3a and s3n as Hadoop writes it.</summary>
    public static bool Matches(string location) =>
        location is not null && Schemes.Any(scheme => location.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads <c>s3://bucket/key</c>.</summary>
    /// <exception cref="ArgumentException">The location has another scheme or no bucket.</exception>
    public static S3Location Parse(string location)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        if (Matches(location))
        {
            var start = location.IndexOf("://", StringComparison.Ordinal) + 3;
            var slash = location.IndexOf('/', start);
            var (bucket, key) = slash < 0 ? (location[start..], "") : (location[start..slash], location[(slash + 1)..]);
            if (bucket.Length > 0)
            {
                return new(bucket, key);
            }
        }

        throw new ArgumentException($"'{location}' names nothing in an S3 store; expected s3://bucket/key.", nameof(location));
    }

    /// <summary>The location with the scheme s3.</summary>
    public override string ToString() => $"s3://{Bucket}/{Key}";
}
