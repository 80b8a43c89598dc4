using System.Globalization;
using System.Text.Json.Nodes;

namespace PvLakehouse.TestServers.Mlflow;

/// <summary>Writes values as MLflow's servers do.</summary>
internal sealed class MlflowJsonWriter(bool isOld)
{
    /// <summary>64-bit numbers: the JSON of protocol buffers has them as texts, MLflow's own as numbers.</summary>
    public JsonNode Long(long value) => isOld ? JsonValue.Create(value.ToString(CultureInfo.InvariantCulture)) : JsonValue.Create(value);

    public static JsonNode Double(double value) => double.IsNaN(value) ? "NaN"
        : double.IsPositiveInfinity(value) ? "Infinity"
        : double.IsNegativeInfinity(value) ? "-Infinity"
        : value;

    public static JsonArray Pairs(IReadOnlyDictionary<string, string> pairs) =>
        [.. pairs.Select(p => new JsonObject { ["key"] = p.Key, ["value"] = p.Value })];

    /// <summary>A list under a name; empty ones are left out.</summary>
    public static void Add(JsonObject target, string name, JsonArray items)
    {
        if (items.Count > 0)
        {
            target[name] = items;
        }
    }

    /// <summary>The token of the next page; at the end old servers write an empty one.</summary>
    public void AddToken(JsonObject target, string? next)
    {
        if (next is not null || isOld)
        {
            target["next_page_token"] = next ?? "";
        }
    }

    /// <summary>Reads keys and values, which must be texts.</summary>
    public static Dictionary<string, string> Read(JsonObject request, string name)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in request[name]?.AsArray() ?? [])
        {
            if (item!.AsObject().Any(f => f.Key is not ("key" or "value")))
            {
                throw MlflowException.Invalid($"Unknown field in {name}: {item.ToJsonString()}");
            }

            pairs[item["key"]!.GetValue<string>()] = item["value"]!.GetValue<string>();
        }

        return pairs;
    }

    public static long Number(JsonNode node) => node.AsValue().TryGetValue<long>(out var number)
        ? number
        : long.Parse(node.GetValue<string>(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    public static IReadOnlyList<string> Texts(JsonObject request, string name) =>
        [.. (request[name]?.AsArray() ?? []).Select(t => t!.GetValue<string>())];
}
