using System.Runtime.CompilerServices;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Tests.Faults;

/// <summary>Storage each of whose steps can go wrong; a step is one request, and one part of what is written.</summary>
internal sealed class FaultedFileIO(IFileIO inner, FaultPlan plan) : IFileIO
{
    public Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default) =>
        StepAsync("read", () => inner.OpenReadAsync(location, cancellationToken), cancellationToken);

    public async Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default)
    {
        NewFile? made = null;
        try
        {
            return await StepAsync<NewFile>(
                "create",
                async () => new FaultedNewFile(this, made = await inner.CreateAsync(location, cancellationToken)),
                cancellationToken);
        }
        catch
        {
            // Storage that fails to hand a file out closes it.
            await (made?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default) =>
        StepAsync("exists", () => inner.ExistsAsync(location, cancellationToken), cancellationToken);

    public Task DeleteAsync(string location, CancellationToken cancellationToken = default) =>
        StepAsync("delete", () => Done(inner.DeleteAsync(location, cancellationToken)), cancellationToken);

    /// <summary>One by one, as local files go: what fails does not keep the others from going.</summary>
    public async Task DeleteManyAsync(
        IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default)
    {
        IOException? failure = null;
        foreach (var location in locations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await StepAsync(
                    "delete of many", () => Done(inner.DeleteAsync(location, cancellationToken)), cancellationToken);
            }
            catch (IOException e)
            {
                failure = e;
            }
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    public async IAsyncEnumerable<StoredFile> ListAsync(
        string folder, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // In a fixed order, so that the same step is the same file each time.
        var files = await StepAsync(
            "list",
            async () => await inner.ListAsync(folder, cancellationToken).ToListAsync(cancellationToken),
            cancellationToken);
        foreach (var file in files.OrderBy(f => f.Location, StringComparer.Ordinal))
        {
            yield return await StepAsync("next of list", () => Task.FromResult(file), cancellationToken);
        }
    }

    public Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
        StepAsync("persist", () => Done(inner.PersistAsync(locations, cancellationToken)), cancellationToken);

    private static async Task<bool> Done(Task work)
    {
        await work;
        return true;
    }

    private Task<T> StepAsync<T>(string name, Func<Task<T>> work, CancellationToken cancellationToken) => plan.RunAsync(
        name, work, _ => throw new IOException($"Injected failure: {name}."), cancellationToken);

    private sealed class FaultedNewFile(FaultedFileIO owner, NewFile inner) : NewFile
    {
        private readonly FaultedWrites _content = new(owner, inner.Content);

        public override Stream Content => _content;

        public override Task CompleteAsync(CancellationToken cancellationToken = default) => owner.StepAsync(
            "complete", () => Done(inner.CompleteAsync(cancellationToken)), cancellationToken);

        public override async ValueTask DisposeAsync()
        {
            await _content.DisposeAsync();
            await inner.DisposeAsync();
        }
    }

    /// <summary>Only what is written asynchronously can go wrong: the library writes in no other way.</summary>
    private sealed class FaultedWrites(FaultedFileIO owner, Stream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => await owner.StepAsync(
            "write", () => Done(inner.WriteAsync(buffer, cancellationToken).AsTask()), cancellationToken);
    }
}
