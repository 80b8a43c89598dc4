using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Faults;

/// <summary>
/// A client of a database of tables each of whose requests can go wrong. A swap whose answer fails has an unknown
/// outcome; one that is lost on its way stays pending, because it may still arrive.
/// </summary>
internal sealed class FaultedCatalog(
    FaultedCatalog.Database database, IFileIO io, CommitContext context, FaultPlan plan)
    : SwapCatalog("faulted", io, context)
{
    private int _silent;

    /// <summary>How many questions go unanswered after the answer to a swap was lost.</summary>
    public int SilenceAfterLoss { get; set; }

    protected override Task<string?> FindMetadataAsync(
        TableIdentifier identifier, CancellationToken cancellationToken) =>
        AskAsync("find", () => database.Rows.GetValueOrDefault(identifier), cancellationToken);

    protected override Task<(SwapOutcome Outcome, Exception? Cause)> SwapAsync(
        TableIdentifier identifier, string? expected, string next, CancellationToken cancellationToken) =>
        SwapAllAsync([new MetadataSwap(identifier, expected, next)], cancellationToken);

    protected override Task<(SwapOutcome Outcome, Exception? Cause)> SwapAllAsync(
        IReadOnlyList<MetadataSwap> swaps, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return plan.RunAsync(
            "swap",
            () => Task.FromResult<(SwapOutcome, Exception?)>(
                (database.TrySwap(swaps) ? SwapOutcome.Swapped : SwapOutcome.Lost, null)),
            done =>
            {
                database.Pending = done ? null : swaps;
                _silent = SilenceAfterLoss;
                return (SwapOutcome.Unknown, new TimeoutException("No answer."));
            },
            CancellationToken.None);
    }

    public override Task DropTableAsync(
        TableIdentifier identifier, CancellationToken cancellationToken = default) => AskAsync(
        "drop",
        () => database.Rows.Remove(identifier) ? true : throw NoSuchTable(identifier),
        cancellationToken);

    public override Task<bool> NamespaceExistsAsync(
        Namespace @namespace, CancellationToken cancellationToken = default) =>
        AskAsync("namespace", () => true, cancellationToken);

    public override Task<IReadOnlyList<Namespace>> ListNamespacesAsync(
        Namespace? parent = null, CancellationToken cancellationToken = default) => AskAsync<IReadOnlyList<Namespace>>(
        "namespaces",
        () => parent is null ? [.. database.Rows.Keys.Select(t => t.Namespace).Distinct()] : [],
        cancellationToken);

    public override Task<IReadOnlyList<TableIdentifier>> ListTablesAsync(
        Namespace @namespace, CancellationToken cancellationToken = default) =>
        AskAsync<IReadOnlyList<TableIdentifier>>(
            "tables", () => [.. database.Rows.Keys.Where(t => t.Namespace == @namespace)], cancellationToken);

    private Task<T> AskAsync<T>(string name, Func<T> answer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_silent > 0)
        {
            _silent--;
            throw new IcebergException("The catalog does not answer.");
        }

        return plan.RunAsync(
            name,
            () => Task.FromResult(answer()),
            _ => throw new IcebergException($"Injected failure of the catalog: {name}."),
            cancellationToken);
    }

    /// <summary>What outlives all clients.</summary>
    public sealed class Database
    {
        public Dictionary<TableIdentifier, string> Rows { get; } = [];

        /// <summary>A swap that is still on its way.</summary>
        public IReadOnlyList<MetadataSwap>? Pending { get; set; }

        public bool TrySwap(IReadOnlyList<MetadataSwap> swaps)
        {
            if (swaps.Any(s => Rows.GetValueOrDefault(s.Identifier) != s.Expected))
            {
                return false;
            }

            foreach (var swap in swaps)
            {
                Rows[swap.Identifier] = swap.Next;
            }

            return true;
        }
    }
}
