using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Catalog;

/// <summary>A catalog that forgets everything at the end of the process; for tests and experiments.</summary>
public sealed class InMemoryCatalog : MetastoreCatalog
{
    private readonly Dictionary<Namespace, Dictionary<string, string>> _namespaces = [];
    private readonly Dictionary<TableIdentifier, string> _tables = [];
    private readonly Lock _lock = new();

    /// <summary>Makes an empty catalog.</summary>
    /// <param name="warehouse">Root under which tables lie that name no location of their own.</param>
    /// <param name="io">Storage of metadata files.</param>
    /// <param name="name">Name of the catalog.</param>
    /// <param name="context">Clock and ids; null means those of the system.</param>
    /// <param name="options">What the catalog decides for its tables; null means nothing.</param>
    public InMemoryCatalog(
        string warehouse,
        IFileIO io,
        string name = "memory",
        CommitContext? context = null,
        CatalogOptions? options = null)
        : base(name, warehouse, io, context ?? CommitContext.System, options)
    {
    }

    /// <inheritdoc/>
    public override Task CreateNamespaceAsync(
        Namespace @namespace, IReadOnlyDictionary<string, string>? properties = null, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (Exists(@namespace))
            {
                throw new AlreadyExistsException($"Namespace already exists: {@namespace} (catalog '{Name}').");
            }

            _namespaces[@namespace] = new(properties ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task<bool> NamespaceExistsAsync(Namespace @namespace, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return Task.FromResult(Exists(@namespace));
        }
    }

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Namespace>> ListNamespacesAsync(
        Namespace? parent = null, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (parent is not null && !Exists(parent))
            {
                throw NoSuchNamespace(parent);
            }

            var depth = parent?.Levels.Count ?? 0;
            return Task.FromResult<IReadOnlyList<Namespace>>(
                [.. All().Where(n => n.Levels.Count > depth && (parent is null || IsWithin(n, parent)))
                    .Select(n => new Namespace([.. n.Levels.Take(depth + 1)]))
                    .Distinct()
                    .OrderBy(n => n.ToString(), StringComparer.Ordinal)]);
        }
    }

    /// <inheritdoc/>
    public override Task<IReadOnlyDictionary<string, string>> LoadNamespacePropertiesAsync(
        Namespace @namespace, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyDictionary<string, string>>(
                Exists(@namespace) ? new Dictionary<string, string>(Properties(@namespace), StringComparer.Ordinal) : throw NoSuchNamespace(@namespace));
        }
    }

    /// <inheritdoc/>
    public override Task UpdateNamespacePropertiesAsync(
        Namespace @namespace,
        IReadOnlyDictionary<string, string> updates,
        IReadOnlyCollection<string> removals,
        CancellationToken cancellationToken = default)
    {
        NamespaceProperties.Check(updates, removals);
        lock (_lock)
        {
            if (!Exists(@namespace))
            {
                throw NoSuchNamespace(@namespace);
            }

            var properties = Properties(@namespace);
            foreach (var (key, value) in updates)
            {
                properties[key] = value;
            }

            foreach (var key in removals)
            {
                properties.Remove(key);
            }

            _namespaces[@namespace] = properties;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task DropNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (!Exists(@namespace))
            {
                throw NoSuchNamespace(@namespace);
            }

            if (All().Any(n => n != @namespace && IsWithin(n, @namespace)) || _tables.Keys.Any(t => t.Namespace == @namespace))
            {
                throw new NamespaceNotEmptyException($"Namespace {@namespace} still holds tables or namespaces.");
            }

            _namespaces.Remove(@namespace);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task<IReadOnlyList<TableIdentifier>> ListTablesAsync(
        Namespace @namespace, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<TableIdentifier>>(Exists(@namespace)
                ? [.. _tables.Keys.Where(t => t.Namespace == @namespace).OrderBy(t => t.Name, StringComparer.Ordinal)]
                : throw NoSuchNamespace(@namespace));
        }
    }

    /// <inheritdoc/>
    public override Task DropTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return _tables.Remove(identifier) ? Task.CompletedTask : throw NoSuchTable(identifier);
        }
    }

    /// <inheritdoc/>
    public override Task RenameTableAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(to);
        lock (_lock)
        {
            if (!_tables.TryGetValue(from, out var location))
            {
                throw NoSuchTable(from);
            }

            if (!Exists(to.Namespace))
            {
                throw NoSuchNamespace(to.Namespace);
            }

            if (!_tables.TryAdd(to, location))
            {
                throw TableExists(to);
            }

            _tables.Remove(from);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task<string?> FindMetadataAsync(TableIdentifier identifier, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_tables.GetValueOrDefault(identifier));
        }
    }

    /// <inheritdoc/>
    protected override Task<(SwapOutcome Outcome, Exception? Cause)> SwapAsync(
        TableIdentifier identifier, string? expected, string next, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_tables.GetValueOrDefault(identifier) != expected)
            {
                return Task.FromResult((SwapOutcome.Lost, (Exception?)null));
            }

            _tables[identifier] = next;
            return Task.FromResult((SwapOutcome.Swapped, (Exception?)null));
        }
    }

    /// <inheritdoc/>
    protected override Task<(SwapOutcome Outcome, Exception? Cause)> SwapAllAsync(
        IReadOnlyList<MetadataSwap> swaps, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(swaps);
        lock (_lock)
        {
            if (swaps.Any(s => _tables.GetValueOrDefault(s.Identifier) != s.Expected))
            {
                return Task.FromResult((SwapOutcome.Lost, (Exception?)null));
            }

            foreach (var (identifier, _, next) in swaps)
            {
                _tables[identifier] = next;
            }

            return Task.FromResult((SwapOutcome.Swapped, (Exception?)null));
        }
    }

    private static bool IsWithin(Namespace inner, Namespace outer) =>
        inner.Levels.Count >= outer.Levels.Count && inner.Levels.Take(outer.Levels.Count).SequenceEqual(outer.Levels, StringComparer.Ordinal);

    private IEnumerable<Namespace> All() => _namespaces.Keys.Concat(_tables.Keys.Select(t => t.Namespace));

    private bool Exists(Namespace @namespace) => All().Any(n => IsWithin(n, @namespace));

    private Dictionary<string, string> Properties(Namespace @namespace) =>
        _namespaces.TryGetValue(@namespace, out var properties) ? properties : new(StringComparer.Ordinal);
}
