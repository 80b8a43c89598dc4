using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Pipeline.Sources.Drift;

namespace PvLakehouse.Pipeline.Sources;

/// <summary>The ingest on whose behalf a source is read: bodies are archived under these names.</summary>
/// <param name="Dataset">The bronze dataset, for example raw_facility_weather.</param>
/// <param name="Id">The ingest batch id, unique for ever.</param>
public sealed record IngestBatch(string Dataset, string Id)
{
    /// <summary>Answers that need not be asked for again; null asks for everything.</summary>
    public EarlierAnswers? Earlier { get; init; }

    /// <summary>Where the numbers of archived bodies are noted; null notes none.</summary>
    public StoredBodies? Stored { get; init; }

    /// <summary>Where it is noted that answers depart from their contract; null notes nothing, and reads the same.</summary>
    public DriftLog? Drift { get; init; }

    /// <summary>Told after every request that is done; null tells nobody.</summary>
    public IProgress<SourceProgress>? Progress { get; init; }
}

/// <summary>How far a planned read has come.</summary>
/// <param name="Done">Requests answered so far.</param>
/// <param name="Total">Requests of the plan.</param>
public sealed record SourceProgress(int Done, int Total);
