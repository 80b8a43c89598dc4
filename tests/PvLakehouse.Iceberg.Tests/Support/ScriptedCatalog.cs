using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>An in-memory catalog whose next swaps go as a script says.</summary>
internal sealed class ScriptedCatalog(IFileIO io, CommitContext context, CatalogOptions? options = null)
    : SwapCatalog("scripted", io, context, options)
{
    private readonly Dictionary<TableIdentifier, string> _tables = [];

    public enum Step
    {
        /// <summary>As it should be.</summary>
        Work,

        /// <summary>Another writer came first (the location stays, the swap says no).</summary>
        Lose,

        /// <summary>The swap happens, the answer is lost.</summary>
        HappenAndForget,

        /// <summary>The swap does not happen, and the answer is lost.</summary>
        FailAndForget,

        /// <summary>The swap happens, the answer is lost, and the catalog cannot be asked any more for a while.</summary>
        HappenAndGoSilent,

        /// <summary>The database refuses for certain.</summary>
        Refuse,
    }

    public Queue<Step> Script { get; } = new();

    public int Swaps { get; private set; }

    /// <summary>What happens, once, after the next swap and before its answer.</summary>
    public Func<Task>? AfterSwap { get; set; }

    public int SilentReads { get; set; }

    /// <summary>How the loss of an answer shows; null says that the outcome is unknown.</summary>
    public Func<Exception>? Loss { get; set; }

    /// <summary>How many questions go unanswered when it goes silent.</summary>
    public int SilenceLasts { get; set; } = 3;

    /// <summary>How a catalog fails that cannot be asked.</summary>
    public Func<Exception> Silence { get; set; } = () => new IcebergException("The catalog does not answer.");

    protected override Task<string?> FindMetadataAsync(TableIdentifier identifier, CancellationToken cancellationToken) =>
        SilentReads > 0 && SilentReads-- > 0 ? throw Silence() : Task.FromResult(_tables.GetValueOrDefault(identifier));

    protected override async Task<(SwapOutcome Outcome, Exception? Cause)> SwapAsync(
        TableIdentifier identifier, string? expected, string next, CancellationToken cancellationToken)
    {
        Swaps++;
        var step = Script.TryDequeue(out var scripted) ? scripted : Step.Work;
        if (step == Step.Refuse)
        {
            throw new IcebergException("The disk of the database is full.");
        }

        if (step is Step.Work or Step.HappenAndForget or Step.HappenAndGoSilent)
        {
            if (_tables.GetValueOrDefault(identifier) != expected)
            {
                return (SwapOutcome.Lost, null);
            }

            _tables[identifier] = next;
        }

        SilentReads = step == Step.HappenAndGoSilent ? SilenceLasts : 0;
        if (AfterSwap is { } hook)
        {
            AfterSwap = null;
            await hook();
        }

        if (step is not (Step.Work or Step.Lose) && Loss is { } loss)
        {
            throw loss();
        }

        return step switch
        {
            Step.Work => (SwapOutcome.Swapped, null),
            Step.Lose => (SwapOutcome.Lost, null),
            _ => (SwapOutcome.Unknown, new TimeoutException("No answer.")),
        };
    }
}
