namespace PvLakehouse.TestServers.Mlflow;

/// <summary>Which MLflow the server behaves like.</summary>
public sealed record MlflowServerOptions
{
    /// <summary>A server of the year 2023: 64-bit numbers as texts, an empty token at the end of searches, no colons in keys.</summary>
    public static MlflowServerOptions V2 { get; } = new() { IsOld = true };

    /// <summary>A server of the year 2026: fields that nobody asked for, and a check of the Host header.</summary>
    public static MlflowServerOptions V3 { get; } = new();

    public bool IsOld { get; init; }

    /// <summary>Where runs keep artifacts; the default is the server itself.</summary>
    public string ArtifactRoot { get; init; } = "mlflow-artifacts:";

    /// <summary>The header that requests must carry; null: none is asked for.</summary>
    public string? Authorization { get; init; }
}
