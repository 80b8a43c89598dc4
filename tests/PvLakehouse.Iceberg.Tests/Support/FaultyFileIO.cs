using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>Storage that fails at one step, before or after doing it; as a killed process it fails at every later step too.</summary>
internal sealed class FaultyFileIO(IFileIO inner) : IFileIO
{
    private int _step;

    /// <summary>Number of the step that fails; negative for none.</summary>
    public int FailAt { get; set; } = -1;

    /// <summary>Name of the step at whose first time it fails; null for none.</summary>
    public string? FailOn { get; set; }

    public bool After { get; set; }

    public bool StayDead { get; set; }

    public bool Triggered { get; private set; }

    public string? FailedStep { get; private set; }

    public void Restart(int failAt)
    {
        _step = 0;
        FailAt = failAt;
        Triggered = false;
    }

    public Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default) =>
        StepAsync("read", () => inner.OpenReadAsync(location, cancellationToken));

    public async Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default) =>
        new FaultyFile(this, await StepAsync("create", () => inner.CreateAsync(location, cancellationToken)));

    public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default) =>
        inner.ExistsAsync(location, cancellationToken);

    public Task DeleteAsync(string location, CancellationToken cancellationToken = default) => StepAsync("delete", async () =>
    {
        await inner.DeleteAsync(location, cancellationToken);
        return true;
    });

    public Task DeleteManyAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) => StepAsync("delete many", async () =>
    {
        await inner.DeleteManyAsync(locations, cancellationToken);
        return true;
    });

    public IAsyncEnumerable<StoredFile> ListAsync(string folder, CancellationToken cancellationToken = default) =>
        inner.ListAsync(folder, cancellationToken);

    public Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) => StepAsync("persist", async () =>
    {
        await inner.PersistAsync(locations, cancellationToken);
        return true;
    });

    private async Task<T> StepAsync<T>(string name, Func<Task<T>> work)
    {
        var fails = _step++ == FailAt || (FailOn == name && !Triggered);
        if ((fails && !After) || (Triggered && StayDead))
        {
            Fail(name, "before");
        }

        var result = await work();
        if (fails && After)
        {
            Fail(name, "after");
        }

        return result;
    }

    private void Fail(string name, string when)
    {
        if (!Triggered)
        {
            FailedStep = $"{when} {name}";
        }

        Triggered = true;
        throw new IOException($"Injected failure {when} {name}.");
    }

    private sealed class FaultyFile(FaultyFileIO owner, NewFile inner) : NewFile
    {
        public override Stream Content => inner.Content;

        public override Task CompleteAsync(CancellationToken cancellationToken = default) => owner.StepAsync("complete", async () =>
        {
            await inner.CompleteAsync(cancellationToken);
            return true;
        });

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
