using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>A catalog that finds and swaps metadata, for tests of commits; all else it does not have, except that every namespace is there.</summary>
internal abstract class SwapCatalog(string name, IFileIO io, CommitContext context, CatalogOptions? options = null)
    : MetastoreCatalog(name, "mem:/warehouse", io, context, options)
{
    public override Task<bool> NamespaceExistsAsync(
        Namespace @namespace, CancellationToken cancellationToken = default) => Task.FromResult(true);

    public override Task CreateNamespaceAsync(
        Namespace @namespace,
        IReadOnlyDictionary<string, string>? properties = null,
        CancellationToken cancellationToken = default) => throw NotHere();

    public override Task<IReadOnlyList<Namespace>> ListNamespacesAsync(
        Namespace? parent = null, CancellationToken cancellationToken = default) => throw NotHere();

    public override Task<IReadOnlyDictionary<string, string>> LoadNamespacePropertiesAsync(
        Namespace @namespace, CancellationToken cancellationToken = default) => throw NotHere();

    public override Task UpdateNamespacePropertiesAsync(
        Namespace @namespace,
        IReadOnlyDictionary<string, string> updates,
        IReadOnlyCollection<string> removals,
        CancellationToken cancellationToken = default) => throw NotHere();

    public override Task DropNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default) =>
        throw NotHere();

    public override Task<IReadOnlyList<TableIdentifier>> ListTablesAsync(
        Namespace @namespace, CancellationToken cancellationToken = default) => throw NotHere();

    public override Task DropTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default) =>
        throw NotHere();

    public override Task RenameTableAsync(
        TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default) => throw NotHere();

    private NotSupportedException NotHere() => new($"The catalog '{Name}' of this test only finds and swaps metadata.");
}
