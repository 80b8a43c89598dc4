using System.Globalization;

namespace PvLakehouse.Iceberg.S3;

/// <summary>How to reach an S3 store. A class, not a record: it must never print its secrets.</summary>
public sealed class S3Options
{
    /// <summary>Smallest part that S3 takes, but for the last [bytes].</summary>
    public const int SmallestPart = 5 * 1024 * 1024;

    /// <summary>URL of the store; null means AWS in <see cref="Region"/>.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Region that requests are signed for; most stores other than AWS take any.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Public half of the credentials; null leaves the search for credentials to the AWS SDK.</summary>
    public string? AccessKey { get; init; }

    /// <summary>Secret half of the credentials.</summary>
    public string? SecretKey { get; init; }

    /// <summary>Token of temporary credentials.</summary>
    public string? SessionToken { get; init; }

    /// <summary>Whether buckets are named in the path; null: in the path wherever there is an <see cref="Endpoint"/>.</summary>
    public bool? PathStyle { get; init; }

    /// <summary>
    /// Largest object that is written in one request, and size of the parts of larger ones [bytes]; an open file holds up to two.
    /// </summary>
    public int PartSize { get; init; } = 8 * 1024 * 1024;

    /// <summary>Longest time that one request may take, body included.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a request is tried again after a failure that may pass.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>Longest wait before the first retry; it doubles with each, up to 5 s.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Reads settings by the names of <see cref="S3Properties"/>.</summary>
    /// <exception cref="IcebergException">
    /// A value cannot be read, or one half of the credentials is missing. Messages hold no secret.
    /// </exception>
    public static S3Options FromProperties(IReadOnlyDictionary<string, string> properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        var standard = new S3Options();
        var (access, secret) = (properties.GetValueOrDefault(S3Properties.AccessKey), properties.GetValueOrDefault(S3Properties.SecretKey));
        if (access is null != secret is null)
        {
            throw new IcebergException(
                $"S3 credentials need both halves: {(access is null ? S3Properties.AccessKey : S3Properties.SecretKey)} is missing.");
        }

        return new S3Options
        {
            Endpoint = Read(properties, S3Properties.Endpoint, "a URL such as http://127.0.0.1:9000", ReadUrl, null),
            Region = properties.GetValueOrDefault(S3Properties.Region) ?? standard.Region,
            AccessKey = access,
            SecretKey = secret,
            SessionToken = properties.GetValueOrDefault(S3Properties.SessionToken),
            PathStyle = Read(properties, S3Properties.PathStyle, "true or false", text => bool.TryParse(text, out var yes) ? yes : (bool?)null, null),
            PartSize = Read(
                properties, S3Properties.PartSize, "5242880 to 1073741824 bytes", text => ReadInt(text, SmallestPart, 1 << 30), standard.PartSize)!.Value,
            RequestTimeout = TimeSpan.FromSeconds(Read(
                properties, S3Properties.RequestTimeout, "1 to 3600 seconds", text => ReadInt(text, 1, 3600), (int)standard.RequestTimeout.TotalSeconds)!.Value),
            Retries = Read(properties, S3Properties.Retries, "0 to 100", text => ReadInt(text, 0, 100), standard.Retries)!.Value,
        };
    }

    private static T? Read<T>(
        IReadOnlyDictionary<string, string> properties, string key, string expected, Func<string, T?> read, T? otherwise) =>
        !properties.TryGetValue(key, out var text) ? otherwise
            : read(text) ?? throw new IcebergException(

                // A URL may hold credentials in front of its host.
                $"Setting {key} is {(text.Contains('@', StringComparison.Ordinal) ? "not understood" : $"'{text}'")}; expected {expected}.");

    private static Uri? ReadUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 ? url : null;

    private static int? ReadInt(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value : null;
}
