using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PvLakehouse.Forecasting.Registry;

/// <summary>What a model takes and gives: columns of type double, in this order, and one column of type double.</summary>
/// <param name="Features">The columns that it takes, in order.</param>
public sealed record ModelSignature(IReadOnlyList<string> Features)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The output as MLflow writes it.</summary>
    internal const string Outputs = """[{"type": "double", "required": true}]""";

    /// <summary>The inputs as MLflow writes them: JSON.</summary>
    internal string Inputs() => new JsonArray(
        [.. Features.Select(f => new JsonObject { ["type"] = "double", ["name"] = f, ["required"] = true })]).ToJsonString(Readable);

    /// <summary>Reads inputs; columns of other types that are numbers are taken too.</summary>
    /// <exception cref="Tracking.TrackingException">They are not named columns of numbers.</exception>
    internal static ModelSignature Parse(string inputs)
    {
        try
        {
            return new([.. JsonNode.Parse(inputs)!.AsArray().Select(c => NameOf(c!.AsObject()))]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw ModelFlavor.Unreadable("its signature is no list of columns", e);
        }
    }

    private static string NameOf(JsonObject column) =>
        ((string?)column["type"], (string?)column["name"]) switch
        {
            ("double" or "float" or "long" or "integer", { } name) => name,
            var (type, name) => throw ModelFlavor.Unreadable(
                $"its column '{name}' has the type '{type}'; expected a named column of numbers"),
        };
}
