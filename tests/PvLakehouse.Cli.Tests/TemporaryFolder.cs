namespace PvLakehouse.Cli.Tests;

/// <summary>A folder of one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"pvlake-test-{Guid.CreateVersion7():N}");

    /// <summary>A place inside that does not exist yet.</summary>
    public string Lake => System.IO.Path.Combine(Path, "lake");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
