using System.Text.Json.Serialization;

namespace PvLakehouse.Pipeline.Alerting;

/// <summary>How alerts are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Alert))]
internal sealed partial class AlertJson : JsonSerializerContext;
