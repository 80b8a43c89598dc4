namespace PvLakehouse.Iceberg.S3;

/// <summary>The names of S3 settings, as Iceberg's other implementations call them in catalog properties.</summary>
public static class S3Properties
{
    /// <summary>URL of the store; without it, AWS in the region.</summary>
    public const string Endpoint = "s3.endpoint";

    /// <summary>Region that requests are signed for.</summary>
    public const string Region = "client.region";

    /// <summary>Public half of the credentials.</summary>
    public const string AccessKey = "s3.access-key-id";

    /// <summary>Secret half of the credentials.</summary>
    public const string SecretKey = "s3.secret-access-key";

    /// <summary>Token of temporary credentials.</summary>
    public const string SessionToken = "s3.session-token";

    /// <summary>Whether buckets are named in the path (true) or in the host name.</summary>
    public const string PathStyle = "s3.path-style-access";

    /// <summary>Largest object that is written in one request, and size of the parts of larger ones [bytes].</summary>
    public const string PartSize = "s3.multipart.part-size-bytes";

    /// <summary>Longest time that one request may take, body included [seconds].</summary>
    public const string RequestTimeout = "s3.request-timeout";

    /// <summary>How often a request is tried again after a failure that may pass.</summary>
    public const string Retries = "s3.retry.num-retries";

    /// <summary>All names that are understood.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Endpoint, Region, AccessKey, SecretKey, SessionToken, PathStyle, PartSize, RequestTimeout, Retries];

    /// <summary>The settings in the variables that AWS's own tools read.</summary>
    /// <param name="variable">Gives the value of an environment variable, or null.</param>
    public static IReadOnlyDictionary<string, string> FromEnvironment(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, names) in new (string, string[])[]
        {
            (Endpoint, ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"]),
            (Region, ["AWS_REGION", "AWS_DEFAULT_REGION"]),
            (AccessKey, ["AWS_ACCESS_KEY_ID"]),
            (SecretKey, ["AWS_SECRET_ACCESS_KEY"]),
            (SessionToken, ["AWS_SESSION_TOKEN"]),
        })
        {
            if (names.Select(variable).FirstOrDefault(v => !string.IsNullOrEmpty(v)) is { } value)
            {
                found[key] = value;
            }
        }

        return found;
    }
}
