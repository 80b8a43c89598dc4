using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>What to do with a file whose path the table knows under another scheme or authority.</summary>
public enum PrefixMismatch
{
    /// <summary>Fail, and remove nothing: say first which schemes and authorities are equal.</summary>
    Error,

    /// <summary>Keep such files.</summary>
    Ignore,

    /// <summary>Remove such files: they are another file, whatever they look like.</summary>
    Delete,
}

/// <summary>Removes files in a table's folders that nothing leads to: leftovers of failed and killed writes.</summary>
/// <remarks>
/// <para>A file is an orphan when it lies in the table's location, or in <c>write.data.path</c> or
/// <c>write.metadata.path</c>, and no snapshot, manifest, metadata file of the log, statistics file or version hint
/// leads to it, and it is older than the guard. The guard protects writes that are on their way: their files are there
/// before their commit is. It should be longer than the longest write takes; the default is 3 days.</para>
/// <para>Folders and files whose names begin with a dot or an underscore are left alone, except partition folders
/// (<c>_name=value</c>) and <c>.writing-...</c>, which is what a killed write of this project's engine leaves behind.
/// So are the folders of other tables of the catalog that lie inside.</para>
/// </remarks>
public sealed class RemoveOrphanFiles
{
    private static readonly TimeSpan DefaultGuard = TimeSpan.FromDays(3);
    private static readonly TimeSpan ShortestGuard = TimeSpan.FromDays(1);

    private readonly Table _table;
    private readonly Dictionary<string, string> _schemes = new(
        StringComparer.Ordinal) { ["s3a"] = "s3", ["s3n"] = "s3" };
    private readonly Dictionary<string, string> _authorities = new(StringComparer.Ordinal);
    private DateTimeOffset? _olderThan;
    private bool _allowRecent;
    private string? _location;
    private PrefixMismatch _mismatch = PrefixMismatch.Error;

    internal RemoveOrphanFiles(Table table) => _table = table;

    /// <summary>Takes only files from before an instant, which must be a day or more ago.</summary>
    public RemoveOrphanFiles OlderThan(DateTimeOffset instant)
    {
        _olderThan = instant;
        return this;
    }

    /// <summary>Allows younger files to be taken. Only right when nobody writes to the table.</summary>
    public RemoveOrphanFiles AllowRecent()
    {
        _allowRecent = true;
        return this;
    }

    /// <summary>Looks only below a folder instead of everywhere in the table.</summary>
    public RemoveOrphanFiles Location(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _location = folder.TrimEnd('/');
        return this;
    }

    /// <summary>
    /// Says that schemes stand for another; <c>s3a</c> and <c>s3n</c> stand for <c>s3</c> without saying.
    /// </summary>
    public RemoveOrphanFiles EqualSchemes(string scheme, params IReadOnlyList<string> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        foreach (var other in others)
        {
            _schemes[other] = scheme;
        }

        return this;
    }

    /// <summary>Says that authorities (hosts, buckets) stand for another.</summary>
    public RemoveOrphanFiles EqualAuthorities(string authority, params IReadOnlyList<string> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        foreach (var other in others)
        {
            _authorities[other] = authority;
        }

        return this;
    }

    /// <summary>Chooses what becomes of files that differ from a known one in scheme or authority alone.</summary>
    public RemoveOrphanFiles OnPrefixMismatch(PrefixMismatch mismatch)
    {
        _mismatch = mismatch;
        return this;
    }

    /// <summary>Says which files would be removed now, and removes none.</summary>
    /// <exception cref="IcebergException">
    /// The guard is shorter than a day, the folder is none of the table's, the table forbids removing files
    /// (<c>gc.enabled</c>) or shares a folder with another, or files differ from known ones in scheme or authority
    /// alone.
    /// </exception>
    public async Task<IReadOnlyList<StoredFile>> PlanAsync(CancellationToken cancellationToken = default)
    {
        var guard = Guard();
        await _table.RefreshAsync(cancellationToken);
        GarbageCollection.Check(_table.Identifier, _table.Metadata, "Orphans cannot be removed");
        var known = new KnownFiles(Address);
        await known.AddAsync(_table, cancellationToken);
        var candidates = await ListAsync(known, guard, cancellationToken);

        // A commit that was made meanwhile may lead to files that were orphans before it.
        var seen = _table.MetadataLocation;
        await _table.RefreshAsync(cancellationToken);
        if (_table.MetadataLocation != seen)
        {
            await known.AddAsync(_table, cancellationToken);
            candidates.RemoveAll(file => known.Contains(Address(file.Location)));
        }

        return candidates;
    }

    /// <summary>Removes the files, and the folders of killed writes that are empty then.</summary>
    /// <exception cref="IcebergException">As for <see cref="PlanAsync"/>; no file was removed.</exception>
    public async Task<RemoveOrphanFilesResult> RunAsync(CancellationToken cancellationToken = default)
    {
        var orphans = await PlanAsync(cancellationToken);

        // Before files are removed, which changes the time of their folders.
        var folders = WritingFolders.Find(_table.Io, Folders(), Guard());
        var removed = new List<StoredFile>(orphans.Count);
        var removal = new FileRemoval<StoredFile>(_table.Io, f => f.Location, removed.Add);
        foreach (var file in orphans)
        {
            await removal.AddAsync(file, cancellationToken);
        }

        await removal.FlushAsync(cancellationToken);
        foreach (var folder in folders)
        {
            WritingFolders.RemoveIfEmpty(folder);
        }

        return new RemoveOrphanFilesResult(removed, removal.Failed, removal.FirstFailure);
    }

    private DateTimeOffset Guard()
    {
        var now = _table.Context.Time.GetUtcNow();
        var guard = _olderThan ?? now - DefaultGuard;
        return guard <= now - ShortestGuard || _allowRecent ? guard : throw new IcebergException(
            $"Orphans would be files from before {guard:O}, less than a day ago: that may remove files of a write whose "
            + "commit is on its way. Say AllowRecent only when nobody writes to the table.");
    }

    private IReadOnlyList<string> Folders()
    {
        var roots = OtherTables.Roots(_table.Metadata);
        if (_location is not { } folder)
        {
            return roots;
        }

        // A file inside, so that the folder itself may be one of the table's.
        var inside = Address($"{folder}/file");
        return roots.Any(root => OtherTables.IsInside(inside, Address(root))) ? [folder] : throw new IcebergException(
            $"Folder '{folder}' is not a folder of table {_table.Identifier}, whose files lie in "
            + $"{string.Join(" and ", roots)}.");
    }

    private FileAddress Address(string location) => FileAddress.Parse(location).Normalise(_schemes, _authorities);

    private async Task<List<StoredFile>> ListAsync(
        KnownFiles known, DateTimeOffset guard, CancellationToken cancellationToken)
    {
        var roots = Folders();
        var foreign = await OtherTables.InsideAsync(_table, [.. roots.Select(Address)], Address, cancellationToken);
        var orphans = new List<StoredFile>();
        var mismatches = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var root in roots)
        {
            await foreach (var file in _table.Io.ListAsync(root, cancellationToken))
            {
                var address = Address(file.Location);
                if (file.LastModified >= guard || known.Contains(address) || IsHidden(file.Location[root.Length..])
                    || foreign.Any(f => OtherTables.IsInside(address, f)))
                {
                    continue;
                }

                if (_mismatch == PrefixMismatch.Delete || !known.ContainsPath(address))
                {
                    orphans.Add(file);
                }
                else if (_mismatch == PrefixMismatch.Error)
                {
                    mismatches.Add(address.Prefix);
                }
            }
        }

        var (listed, named) = (string.Join(", ", mismatches), string.Join(", ", known.Prefixes));
        return mismatches.Count == 0 ? orphans : throw new IcebergException(
            $"Files are listed under {listed} that the table names under {named}. If these are the same store, say which "
            + "schemes and authorities are equal; else choose to ignore or to delete such files.");
    }

    /// <summary>Whether a file or a folder on the way to it is hidden by its name.</summary>
    private static bool IsHidden(string relative) => relative.Split('/').Any(name => name switch
    {
        ['.', ..] => !name.StartsWith(WritingFolders.Prefix, StringComparison.Ordinal),
        ['_', ..] => !name.Contains('=', StringComparison.Ordinal),
        _ => false,
    });
}

/// <summary>What <see cref="RemoveOrphanFiles"/> did.</summary>
/// <param name="Removed">The files that were removed.</param>
/// <param name="FailedFilesCount">Orphans that could not be removed.</param>
/// <param name="FirstFailure">Why the first of them could not; null when all were removed.</param>
public sealed record RemoveOrphanFilesResult(
    IReadOnlyList<StoredFile> Removed, long FailedFilesCount, string? FirstFailure);
