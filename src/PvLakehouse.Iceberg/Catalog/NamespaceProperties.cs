namespace PvLakehouse.Iceberg.Catalog;

/// <summary>The rules of namespace properties that all catalogs share.</summary>
public static class NamespaceProperties
{
    /// <summary>Refuses changes that both set and remove a key.</summary>
    /// <exception cref="ArgumentException">A key is both set and removed.</exception>
    public static void Check(IReadOnlyDictionary<string, string> updates, IReadOnlyCollection<string> removals)
    {
        ArgumentNullException.ThrowIfNull(updates);
        ArgumentNullException.ThrowIfNull(removals);
        if (removals.FirstOrDefault(updates.ContainsKey) is { } both)
        {
            throw new ArgumentException($"Property '{both}' is both set and removed.", nameof(removals));
        }
    }
}
