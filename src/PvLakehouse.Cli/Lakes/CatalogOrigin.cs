using PvLakehouse.Iceberg;
using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Cli.Lakes;

/// <summary>The marker of a lake whose catalog is not in its folder: a property of the namespace bronze.</summary>
/// <remarks>
/// It stands with the tables that it speaks of, whoever opens them from whatever machine. A namespace is made in one
/// step with its properties, so of two processes that make a lake only one does.
/// </remarks>
internal static class CatalogOrigin
{
    private const string Property = "pvlake.origin";

    private static readonly Namespace Bronze = new("bronze");

    /// <summary>Where the data of the lake come from; null when the catalog holds no lake.</summary>
    public static async Task<string?> ReadAsync(ICatalog catalog, CancellationToken cancellationToken) =>
        await catalog.NamespaceExistsAsync(Bronze, cancellationToken)
            ? (await catalog.LoadNamespacePropertiesAsync(Bronze, cancellationToken)).GetValueOrDefault(Property)
            : null;

    /// <summary>Makes the catalog hold a lake of one origin.</summary>
    /// <exception cref="LakeException">It holds a lake of another, or tables that are no lake of ours.</exception>
    public static async Task ClaimAsync(ICatalog catalog, string origin, string name, CancellationToken cancellationToken)
    {
        try
        {
            await catalog.CreateNamespaceAsync(
                Bronze, new Dictionary<string, string>(StringComparer.Ordinal) { [Property] = origin }, cancellationToken);
        }
        catch (AlreadyExistsException)
        {
            // The usual case: the lake is there.
        }

        var found = await ReadAsync(catalog, cancellationToken) ?? throw new LakeException(
            $"The catalog at {name} has a namespace bronze that no pvlake made; use another database or another catalog-name.");
        if (found != origin)
        {
            throw new LakeException(
                $"The lake at {name} holds {LakeFolder.Describe(found)} data; use another catalog for {LakeFolder.Describe(origin)} data.");
        }
    }
}
