namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>A folder of its own for a test, removed afterwards.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("pvlake-iceberg-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
