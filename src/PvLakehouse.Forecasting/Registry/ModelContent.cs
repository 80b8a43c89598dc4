namespace PvLakehouse.Forecasting.Registry;

/// <summary>A trained model that is to be kept.</summary>
public sealed record ModelContent
{
    /// <summary>Library, file and version.</summary>
    public required ModelFlavor Flavor { get; init; }

    /// <summary>The model as its library writes it.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>What it takes and gives.</summary>
    public required ModelSignature Signature { get; init; }

    /// <summary>When it was made; the same for the same model, so that keeping it again changes nothing.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Folder below the run's artifacts. Default <c>model</c>.</summary>
    public string ArtifactPath { get; init; } = "model";

    /// <summary>Further files by path below the folder: models of quantiles, calibration.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Extras { get; init; } =
        new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);

    /// <summary>What else its readers need to know; kept in <c>MLmodel</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = Tracking.Dictionaries.Empty;
}
