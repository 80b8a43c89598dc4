using System.Text.Json.Nodes;

namespace PvLakehouse.Pipeline.Lineage;

/// <summary>Takes OpenLineage events.</summary>
public interface ILineageSink
{
    /// <summary>Where the events go, for messages; without secrets.</summary>
    string Name { get; }

    /// <summary>Takes one event.</summary>
    /// <exception cref="IOException">It could not be taken.</exception>
    Task SendAsync(JsonObject runEvent, CancellationToken cancellationToken);
}
