namespace PvLakehouse.Iceberg.Manifests;

/// <summary>
/// Gives the files of one manifest, in their order, the row ids that their writer left open (spec: "First Row ID
/// Inheritance").
/// </summary>
internal sealed class FirstRowIds(ManifestFile manifest)
{
    private readonly bool _isData = manifest.Content == ManifestContent.Data;
    private long? _next = manifest.FirstRowId;

    public ManifestEntry Assign(ManifestEntry entry)
    {
        if (!_isData || !entry.IsLive)
        {
            return entry;
        }

        if (_next is not { } next)
        {
            // The manifest is of a time before row ids, so its files have none whatever they say.
            return entry.File.FirstRowId is null ? entry : entry with { File = entry.File with { FirstRowId = null } };
        }

        if (entry.File.FirstRowId is not null)
        {
            return entry;
        }

        _next = checked(next + entry.File.RecordCount);
        return entry with { File = entry.File with { FirstRowId = next } };
    }

    /// <summary>Counts the rows of a live entry that is not asked for.</summary>
    public void Pass(EntryCursor entry)
    {
        if (_isData && _next is { } next && entry.FirstRowId is null)
        {
            _next = checked(next + entry.RecordCount);
        }
    }
}
