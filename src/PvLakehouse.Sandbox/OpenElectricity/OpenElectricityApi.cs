using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Http;
using PvLakehouse.Sandbox.Plans;

namespace PvLakehouse.Sandbox.OpenElectricity;

/// <summary>Answers everything under <c>/v4</c>.</summary>
internal sealed class OpenElectricityApi
{
    private const int ShortestKey = 10;

    private readonly IReadOnlySet<string>? _keys;
    private readonly KeyQuota _quota;
    private readonly FacilitiesEndpoint _facilities;
    private readonly SeriesEndpoint _series;
    private readonly AccountEndpoint _account;

    /// <param name="data">What to serve.</param>
    /// <param name="limits">Whose limits to enforce.</param>
    /// <param name="keys">The keys that are good; null for any of at least 10 characters.</param>
    /// <param name="clock">The sandbox clock.</param>
    public OpenElectricityApi(ISandboxData data, PlanLimits limits, IReadOnlySet<string>? keys, TimeProvider clock)
    {
        _keys = keys;
        _quota = new(limits, clock);
        _facilities = new(data, clock);
        _series = new(data, limits, clock);
        _account = new(limits, _quota, clock);
    }

    /// <summary>Answers a request.</summary>
    public Reply Answer(HttpRequest request)
    {
        try
        {
            return Route(request);
        }
        catch (OpenElectricityError error)
        {
            return error.ToReply();
        }
    }

    private Reply Route(HttpRequest request)
    {
        var path = request.Path.Value!["/v4".Length..];
        Func<Reply>? answer = path switch
        {
            "/facilities/" => () => Authorized(request, _ => _facilities.Get(request.Query)),
            "/me" => () => Authorized(request, _account.Me),
            "/plans" => AccountEndpoint.Plans,
            "/networks" => AccountEndpoint.Networks,
            _ when NetworkOf(path) is { } network => () => Authorized(request, _ => _series.Get(network, request.Query)),
            _ => null,
        };
        return answer switch
        {
            null when Slashed(path) is { } other => Redirect(request, "/v4" + other),
            null => OpenElectricityError.Detail(StatusCodes.Status404NotFound, "Not Found"),
            _ when !HttpMethods.IsGet(request.Method) =>
                OpenElectricityError.Detail(StatusCodes.Status405MethodNotAllowed, "Method Not Allowed"),
            _ => answer(),
        };
    }

    private static string? NetworkOf(string path)
    {
        const string Prefix = "/data/facilities/";
        return path.StartsWith(Prefix, StringComparison.Ordinal) && path[Prefix.Length..] is { Length: > 0 } network && !network.Contains('/')
            ? network
            : null;
    }

    /// <summary>The known path that differs only in its slash at the end, or null.</summary>
    private static string? Slashed(string path) => path switch
    {
        "/facilities" => "/facilities/",
        "/me/" or "/plans/" or "/networks/" => path[..^1],
        _ when path.EndsWith('/') && NetworkOf(path[..^1]) is not null => path[..^1],
        _ => null,
    };

    private static BufferedReply Redirect(HttpRequest request, string path) =>
        new(StatusCodes.Status307TemporaryRedirect, "text/plain", ReadOnlyMemory<byte>.Empty)
        {
            Headers = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Location"] = UriHelper.BuildAbsolute(request.Scheme, request.Host, path: path, query: request.QueryString),
            },
        };

    /// <summary>A refused key, a key over its quota and a key that asks too fast all look the same to the client.</summary>
    private Reply Authorized(HttpRequest request, Func<string, Reply> answer)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw OpenElectricityError.Unauthorized("Not authenticated");
        }

        var key = header[Scheme.Length..].Trim();
        if (key.Length < ShortestKey)
        {
            throw OpenElectricityError.Unauthorized("Invalid API key");
        }

        return _keys?.Contains(key) is not false && _quota.TrySpend(key)
            ? answer(key)
            : throw OpenElectricityError.Unauthorized("Authentication failed");
    }
}
