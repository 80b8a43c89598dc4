using System.Text.Json.Nodes;

namespace PvLakehouse.TestServers.Mlflow;

/// <summary>A route of the protocol.</summary>
/// <param name="Fields">The fields of its requests and their types: s text, i integer, b truth value, s* and o* lists of texts and objects;
/// ! needed.</param>
/// <param name="Handle">Does the work.</param>
internal sealed record MlflowRoute(IReadOnlyDictionary<string, string> Fields, Func<JsonObject, JsonObject> Handle)
{
    /// <summary>Reads fields as <c>run_id:s! max_results:i</c>.</summary>
    public static MlflowRoute Of(string fields, Func<JsonObject, JsonObject> handle) => new(
        fields.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split(':')).ToDictionary(
            f => f[0], f => f[1], StringComparer.Ordinal),
        handle);

    /// <summary>What is wrong with a request by the protocol; null when nothing is.</summary>
    public string? Slip(JsonObject request)
    {
        foreach (var (name, value) in request)
        {
            if (!Fields.TryGetValue(name, out var type))
            {
                return $"unknown field '{name}'";
            }

            var fits = type.TrimEnd('!') switch
            {
                "s" => value is JsonValue text && text.TryGetValue<string>(out _),
                "i" => value is JsonValue number && (number.TryGetValue<long>(out _)
                    || (number.TryGetValue<string>(out var digits) && long.TryParse(digits, null, out _))),
                "b" => value is JsonValue truth && truth.TryGetValue<bool>(out _),
                "s*" => value is JsonArray texts && texts.All(t => t is JsonValue item && item.TryGetValue<string>(out _)),
                "o*" => value is JsonArray objects && objects.All(o => o is JsonObject),
                _ => throw new InvalidOperationException($"Type '{type}' is unknown."),
            };
            if (!fits)
            {
                return $"field '{name}' is {value?.ToJsonString() ?? "null"}, which is no {type}";
            }
        }

        return Fields.FirstOrDefault(f => f.Value.EndsWith('!') && !request.ContainsKey(f.Key)).Key is { } missing
            ? $"field '{missing}' is missing"
            : null;
    }
}
