using System.Text.Json;
using System.Text.Json.Serialization;

namespace PvLakehouse.Pipeline.Sources.Archive;

/// <summary>The first line of an archived file: everything of a payload but its body.</summary>
internal sealed record PayloadHeader
{
    public required string Source { get; init; }

    public required string Request { get; init; }

    public required Uri Address { get; init; }

    public required int Status { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required IReadOnlyList<SourceFacility> Facilities { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>Length of the body that follows [B], to recognise a file that was cut.</summary>
    public required int Length { get; init; }

    public static PayloadHeader Of(PayloadRecord payload) => new()
    {
        Source = payload.Source,
        Request = payload.Request,
        Address = payload.Address,
        Status = payload.Status,
        ReceivedAt = payload.ReceivedAt,
        Facilities = payload.Facilities,
        From = payload.From,
        To = payload.To,
        Length = payload.Body.Length,
    };

    public PayloadRecord With(IngestBatch batch, ReadOnlyMemory<byte> body) => new()
    {
        Batch = batch,
        Source = Source,
        Request = Request,
        Address = Address,
        Status = Status,
        ReceivedAt = ReceivedAt,
        Facilities = Facilities,
        From = From,
        To = To,
        Body = body,
    };
}

/// <summary>Serialises headers without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PayloadHeader))]
internal sealed partial class PayloadHeaderJson : JsonSerializerContext;
