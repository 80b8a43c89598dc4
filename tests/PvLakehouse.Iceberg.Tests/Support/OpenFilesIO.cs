using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>Storage that counts how many new files are open at once.</summary>
internal sealed class OpenFilesIO(IFileIO inner) : ForwardingFileIO(inner)
{
    private int _open;

    /// <summary>The most that there were.</summary>
    public int Most { get; private set; }

    public void Restart() => Most = _open;

    public override async Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default)
    {
        var file = await Inner.CreateAsync(location, cancellationToken);
        Most = Math.Max(Most, ++_open);
        return new Counted(file, () => _open--);
    }

    private sealed class Counted(NewFile file, Action closed) : NewFile
    {
        public override Stream Content => file.Content;

        public override Task CompleteAsync(CancellationToken cancellationToken = default) => file.CompleteAsync(cancellationToken);

        public override ValueTask DisposeAsync()
        {
            closed();
            return file.DisposeAsync();
        }
    }
}
