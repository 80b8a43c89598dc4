using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>Storage that hangs at one step, before or after doing it, until its user loses patience and cancels.</summary>
internal sealed class HangingFileIO(IFileIO inner) : IFileIO
{
    private int _step;
    private int _hangAt = -1;
    private bool _after;
    private CancellationTokenSource? _patience;

    public bool Triggered { get; private set; }

    public void Restart(int hangAt, bool after, CancellationTokenSource? patience)
    {
        (_step, _hangAt, _after, _patience) = (0, hangAt, after, patience);
        Triggered = false;
    }

    public Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default) =>
        StepAsync(() => inner.OpenReadAsync(location, cancellationToken), cancellationToken);

    public async Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default) =>
        new HangingFile(this, await StepAsync(() => inner.CreateAsync(location, cancellationToken), cancellationToken));

    public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default) =>
        inner.ExistsAsync(location, cancellationToken);

    public Task DeleteAsync(string location, CancellationToken cancellationToken = default) =>
        StepAsync(() => Done(inner.DeleteAsync(location, cancellationToken)), cancellationToken);

    public Task DeleteManyAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
        StepAsync(() => Done(inner.DeleteManyAsync(locations, cancellationToken)), cancellationToken);

    public IAsyncEnumerable<StoredFile> ListAsync(string folder, CancellationToken cancellationToken = default) =>
        inner.ListAsync(folder, cancellationToken);

    public Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
        StepAsync(() => Done(inner.PersistAsync(locations, cancellationToken)), cancellationToken);

    private static async Task<bool> Done(Task work)
    {
        await work;
        return true;
    }

    private async Task<T> StepAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var hangs = _step++ == _hangAt && cancellationToken.CanBeCanceled;
        if (hangs && !_after)
        {
            await HangAsync(cancellationToken);
        }

        var result = await work();
        if (hangs && _after)
        {
            await HangAsync(cancellationToken);
        }

        return result;
    }

    private async Task HangAsync(CancellationToken cancellationToken)
    {
        Triggered = true;
        await _patience!.CancelAsync();
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private sealed class HangingFile(HangingFileIO owner, NewFile inner) : NewFile
    {
        public override Stream Content => inner.Content;

        public override Task CompleteAsync(CancellationToken cancellationToken = default) =>
            owner.StepAsync(() => Done(inner.CompleteAsync(cancellationToken)), cancellationToken);

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
