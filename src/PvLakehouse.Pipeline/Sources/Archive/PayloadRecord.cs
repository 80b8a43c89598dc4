namespace PvLakehouse.Pipeline.Sources.Archive;

/// <summary>The body of one successful call, with all that is needed to read it again without the API.</summary>
public sealed record PayloadRecord
{
    /// <summary>Dataset and batch on whose behalf it was fetched.</summary>
    public required IngestBatch Batch { get; init; }

    /// <summary>The endpoint, one of <see cref="SourceNames"/>.</summary>
    public required string Source { get; init; }

    /// <summary>The address asked, without any key.</summary>
    public required Uri Address { get; init; }

    /// <summary>HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>When the body was complete.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The farms asked for in the order of the request, with coordinates and unit codes as they were
    /// then.</summary>
    public IReadOnlyList<SourceFacility> Facilities { get; init; } = [];

    /// <summary>First instant wanted; null when the request has no window.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>End of the window: excluded for energy, the last stamp for weather and air quality.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The body exactly as received, content encoding removed.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The request that brought it, for messages.</summary>
    public required string Request { get; init; }
}
