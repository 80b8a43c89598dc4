using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Sets and removes table properties.</summary>
public sealed class UpdateProperties
{
    private readonly WritableTable _table;
    private readonly Dictionary<string, string> _updates = new(StringComparer.Ordinal);
    private readonly HashSet<string> _removals = new(StringComparer.Ordinal);

    internal UpdateProperties(WritableTable table) => _table = table;

    /// <summary>Sets a property.</summary>
    public UpdateProperties Set(string key, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(value);
        _removals.Remove(key);
        _updates[key] = value;
        return this;
    }

    /// <summary>Removes a property.</summary>
    public UpdateProperties Remove(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        _updates.Remove(key);
        _removals.Add(key);
        return this;
    }

    /// <summary>Commits, repeating on conflicts, and moves the table object to the result.</summary>
    /// <exception cref="CommitConflictException">Others kept committing first until retries ran out.</exception>
    /// <exception cref="CommitStateUnknownException">The catalog did not say whether the change happened.</exception>
    public Task CommitAsync(CancellationToken cancellationToken = default) => _table.RunAsync(
        new MetadataUpdate(builder => builder.SetProperties(_updates).RemoveProperties([.. _removals]), IsIn), cancellationToken);

    private bool IsIn(TableMetadata table) => !_removals.Any(table.Properties.ContainsKey)
        && _updates.All(u => table.Properties.TryGetValue(u.Key, out var value) && value == u.Value);
}
