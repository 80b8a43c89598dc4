namespace PvLakehouse.Forecasting.Tracking;

/// <summary>Tells processes that live from those that are gone, by files that each keeps locked as long as it lives.</summary>
/// <remarks>
/// The operating system drops a lock with its process, however that ended, and a later process with the same number is not taken for it.
/// All processes must see the same folder on one machine; network file systems without locks will not do.
/// </remarks>
internal sealed class RunOwners(string folder) : IDisposable
{
    private const string Suffix = ".owner";

    private readonly Lock _lock = new();
    private (string Name, FileStream Guard)? _own;

    /// <summary>The name under which this process (this instance, to be exact) owns runs.</summary>
    public string Own
    {
        get
        {
            lock (_lock)
            {
                return (_own ??= Enter()).Name;
            }
        }
    }

    /// <summary>Whether an owner lives.</summary>
    public bool Lives(string owner)
    {
        using var guard = TryGuard(FileOf(owner));
        return guard is null && File.Exists(FileOf(owner));
    }

    /// <summary>Owners that left their files behind and are gone.</summary>
    public IReadOnlyList<string> Gone() => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateFiles(folder, $"*{Suffix}").Select(f => Path.GetFileNameWithoutExtension(f)).Where(o => !Lives(o)),
    ];

    /// <summary>Forgets an owner that is gone and has no open runs any more.</summary>
    public void Forget(string owner) => File.Delete(FileOf(owner));

    /// <inheritdoc/>
    public void Dispose()
    {
        // The file stays, without its lock: a run that was left open is then seen as abandoned, as after a crash.
        _own?.Guard.Dispose();
        _own = null;
    }

    private (string Name, FileStream Guard) Enter()
    {
        Directory.CreateDirectory(folder);
        while (true)
        {
            var name = Guid.NewGuid().ToString("N");
            try
            {
                return (name, new FileStream(FileOf(name), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(FileOf(name)))
            {
                // Somebody looked at the file between its making and its locking; the next name will do.
            }
        }
    }

    private string FileOf(string owner) => Path.Combine(folder, owner + Suffix);

    private static FileStream? TryGuard(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            // Locked by its owner, or not there.
            return null;
        }
    }
}
