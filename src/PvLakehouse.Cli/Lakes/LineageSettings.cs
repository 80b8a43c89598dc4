using PvLakehouse.Pipeline.Lineage;

namespace PvLakehouse.Cli.Lakes;

/// <summary>Where OpenLineage events go: a server, a file, or nowhere.</summary>
internal sealed record LineageSettings
{
    private const string UrlKey = "openlineage-url";
    private const string ApiKeyKey = "openlineage-api-key";

    /// <summary>The program's variables, by setting.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [UrlKey] = "PVLAKE_OPENLINEAGE_URL",
        [ApiKeyKey] = "PVLAKE_OPENLINEAGE_API_KEY",
    };

    private Uri? Server { get; init; }

    private string? File { get; init; }

    private string? ApiKey { get; init; }

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">All settings, by name.</param>
    /// <param name="folder">The lake's folder, from where a relative file is meant.</param>
    /// <exception cref="LakeException">The URL is of a scheme that is not understood.</exception>
    public static LineageSettings Read(IReadOnlyDictionary<string, string> settings, string folder)
    {
        if (!settings.TryGetValue(UrlKey, out var url))
        {
            return new();
        }

        if (!url.Contains("://", StringComparison.Ordinal))
        {
            return new() { File = Path.GetFullPath(url, folder) };
        }

        return Uri.TryCreate(url, UriKind.Absolute, out var server) && server.Scheme is "http" or "https" or "file"
            ? server.IsFile ? new() { File = server.LocalPath } : new() { Server = server, ApiKey = settings.GetValueOrDefault(ApiKeyKey) }
            : throw new LakeException(
                $"The setting {UrlKey} is no address of a server; expected http://host:port, https://host or a file.");
    }

    /// <summary>What tells of stages; null when nobody is told.</summary>
    /// <param name="clients">Makes clients for a server.</param>
    public LineageEvents? Events(IHttpClientFactory clients)
    {
        ILineageSink? sink = (Server, File) switch
        {
            ({ } server, _) => new HttpLineageSink(() => clients.CreateClient(), server, ApiKey),
            (_, { } file) => new FileLineageSink(file),
            _ => null,
        };
        return sink is null ? null : new LineageEvents(sink, TimeProvider.System, Console.Error.WriteLine);
    }
}
