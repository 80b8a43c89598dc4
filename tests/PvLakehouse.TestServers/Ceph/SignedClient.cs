using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace PvLakehouse.TestServers;

/// <summary>Sends HTTP requests with AWS signatures of version 4: what the SDK for S3 has no calls for.</summary>
internal sealed class SignedClient(Uri endpoint, string accessKey, string secretKey) : IDisposable
{
    private const string Region = "us-east-1";

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        BaseAddress = endpoint,
        Timeout = TimeSpan.FromSeconds(30),
    };

    public void Dispose() => _http.Dispose();

    /// <summary>Sends a request and gives the answer's body.</summary>
    /// <param name="method">GET, PUT, POST.</param>
    /// <param name="path">Path that needs no encoding.</param>
    /// <param name="query">Query parameters.</param>
    /// <param name="form">Fields of a form in the body, or none.</param>
    /// <param name="service">s3, or iam for policies of users.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    /// <exception cref="InvalidOperationException">The server refuses.</exception>
    public async Task<string> SendAsync(
        HttpMethod method,
        string path,
        IReadOnlyDictionary<string, string>? query,
        IReadOnlyDictionary<string, string>? form,
        string service,
        CancellationToken cancellationToken)
    {
        var body = form is null ? [] : Encoding.UTF8.GetBytes(Pairs(form));
        var parameters = Pairs(query ?? new Dictionary<string, string>(StringComparer.Ordinal));
        using var request = new HttpRequestMessage(method, new Uri(endpoint, parameters.Length == 0 ? path : $"{path}?{parameters}"));
        if (form is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        }

        Sign(request, path, parameters, body, service);
        using var answer = await _http.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode
            ? text
            : throw new InvalidOperationException($"{method} {path}: the S3 server answered {(int)answer.StatusCode}: {text}");
    }

    private void Sign(HttpRequestMessage request, string path, string parameters, byte[] body, string service)
    {
        var time = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{time[..8]}/{Region}/{service}/aws4_request";
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        const string names = "host;x-amz-content-sha256;x-amz-date";
        var canonical = $"{request.Method}\n{path}\n{parameters}\nhost:{endpoint.Authority}\nx-amz-content-sha256:{hash}\n"
            + $"x-amz-date:{time}\n\n{names}\n{hash}";
        var toSign = $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = new[] { time[..8], Region, service, "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes("AWS4" + secretKey), Mac);
        request.Headers.Add("x-amz-date", time);
        request.Headers.Add("x-amz-content-sha256", hash);
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential={accessKey}/{scope}, SignedHeaders={names}, Signature={Convert.ToHexStringLower(Mac(key, toSign))}");
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Pairs(IReadOnlyDictionary<string, string> values) => string.Join('&', values
        .OrderBy(v => v.Key, StringComparer.Ordinal)
        .Select(v => $"{Uri.EscapeDataString(v.Key)}={Uri.EscapeDataString(v.Value)}"));
}
