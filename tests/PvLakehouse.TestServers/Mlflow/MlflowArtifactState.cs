using System.Text;
using System.Text.Json.Nodes;

namespace PvLakehouse.TestServers.Mlflow;

/// <summary>The files that pass through the server, by path below its store.</summary>
internal sealed class MlflowArtifactState(MlflowJsonWriter json)
{
    private const string Route = "mlflow-artifacts/artifacts";

    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public (int Status, string Type, byte[] Body) Work(string request, string folder, byte[] body)
    {
        var (method, route) = request.Split(' ', 2) is [var first, var rest] ? (first, rest) : throw new InvalidOperationException(request);
        if (method == "GET" && route == Route)
        {
            var answer = new JsonObject();
            MlflowJsonWriter.Add(answer, "files", List(folder.Trim('/'), f => f));
            return (200, "application/json", Encoding.UTF8.GetBytes(answer.ToJsonString()));
        }

        var path = route[(Route.Length + 1)..];
        switch (method)
        {
            case "PUT":
                _files[path] = body;
                return (200, "application/json", "{}"u8.ToArray());
            case "GET":
                return _files.TryGetValue(path, out var content)
                    ? (200, "application/octet-stream", content)
                    : (404, "text/html", "<html>404 Not Found</html>"u8.ToArray());
            default:
                throw MlflowException.Invalid($"{method} {route}");
        }
    }

    /// <summary>What is directly in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="nameOf">Makes the path that is shown of the path below the folder.</param>
    public JsonArray List(string folder, Func<string, string> nameOf) =>
    [
        .. _files.Where(f => f.Key.StartsWith($"{folder}/", StringComparison.Ordinal))
            .Select(f => (Path: f.Key[(folder.Length + 1)..], Size: f.Value.Length))
            .GroupBy(f => f.Path.Split('/')[0], StringComparer.Ordinal)
            .Select(g => g.First().Path == g.Key
                ? new JsonObject { ["path"] = nameOf(g.Key), ["is_dir"] = false, ["file_size"] = json.Long(g.First().Size) }
                : new JsonObject { ["path"] = nameOf(g.Key), ["is_dir"] = true }),
    ];
}
