using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.IO;

public sealed class LocalStorageTests : FileIOContract, IDisposable
{
    private readonly TempFolder _folder = new();

    protected override IFileIO Io { get; } = new LocalFileIO();

    protected override string Folder => _folder.Path;

    public void Dispose() => _folder.Dispose();
}

public sealed class InMemoryStorageTests : FileIOContract
{
    protected override IFileIO Io { get; } = new InMemoryFileIO();

    protected override string Folder => "mem:/test";
}

/// <summary>Routing must not change what a storage does.</summary>
public sealed class RoutedStorageTests : FileIOContract, IDisposable
{
    private readonly TempFolder _folder = new();

    protected override IFileIO Io { get; } = new RoutingFileIO([new("file", new LocalFileIO()), new("mem", new InMemoryFileIO())]);

    protected override string Folder => $"file://{_folder.Path}";

    public void Dispose() => _folder.Dispose();
}
