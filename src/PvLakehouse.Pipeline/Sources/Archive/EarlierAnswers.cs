using System.Globalization;

namespace PvLakehouse.Pipeline.Sources.Archive;

/// <summary>Answers that interrupted loads of a dataset have paid for and not committed, by the exact request.</summary>
/// <remarks>
/// An answer serves again when asking again could tell nothing else: it came today (UTC), or what it tells was over two days before it
/// came, by when every source has published. A load that ends closes the interrupted loads whose answers it took, and their answers serve
/// no more: whoever refreshes later wants new ones.
/// </remarks>
public sealed class EarlierAnswers
{
    private static readonly TimeSpan Settled = TimeSpan.FromDays(2);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    private readonly IBodyArchive _archive;
    private readonly IngestBatch _batch;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, (string BatchId, ArchivedCall Call)> _calls = new(StringComparer.Ordinal);
    private readonly HashSet<string> _toClose = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    private EarlierAnswers(IBodyArchive archive, IngestBatch batch, TimeProvider clock)
    {
        _archive = archive;
        _batch = batch;
        _clock = clock;
    }

    /// <summary>Begins a load, and finds what interrupted ones have left.</summary>
    public static async Task<EarlierAnswers> BeginAsync(
        IBodyArchive archive, IngestBatch batch, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(clock);
        var answers = await FindAllAsync(archive, batch, clock, cancellationToken);
        await archive.BeginAsync(batch, cancellationToken);
        return answers;
    }

    /// <summary>What interrupted loads of a dataset have left, without beginning one.</summary>
    public static Task<EarlierAnswers> LookAsync(
        IBodyArchive archive, string dataset, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(archive);
        return FindAllAsync(archive, new(dataset, "plan"), clock, cancellationToken);
    }

    /// <summary>Whether a request need not be asked.</summary>
    public bool Has(PlannedRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _calls.TryGetValue(request.Address.AbsoluteUri, out var found) && Serves(found.Call);
    }

    /// <summary>The answer to a request, under the name of this load; null when it must be asked.</summary>
    /// <exception cref="SourceException">The archived answer is damaged.</exception>
    public async Task<PayloadRecord?> FindAsync(PlannedRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!_calls.TryGetValue(request.Address.AbsoluteUri, out var found) || !Serves(found.Call))
        {
            return null;
        }

        lock (_lock)
        {
            _toClose.Add(found.BatchId);
        }

        return await found.Call.ReadAsync(cancellationToken) with { Batch = _batch };
    }

    /// <summary>Ends the load, all of which is committed.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (var batchId in _toClose.Append(_batch.Id))
        {
            await _archive.EndAsync(_batch.Dataset, batchId, cancellationToken);
        }
    }

    private static async Task<EarlierAnswers> FindAllAsync(
        IBodyArchive archive, IngestBatch batch, TimeProvider clock, CancellationToken cancellationToken)
    {
        var answers = new EarlierAnswers(archive, batch, clock);
        foreach (var earlier in await archive.UnfinishedAsync(batch.Dataset, cancellationToken))
        {
            await answers.AddAsync(earlier, cancellationToken);
        }

        return answers;
    }

    private bool Serves(ArchivedCall call)
    {
        var now = _clock.GetUtcNow();
        return call.ReceivedAt.UtcDateTime.Date == now.UtcDateTime.Date || call.To <= call.ReceivedAt - Settled;
    }

    private async Task AddAsync(string batchId, CancellationToken cancellationToken)
    {
        // The id begins with the time of the load.
        var isOld = !DateTimeOffset.TryParseExact(
            batchId.Split('-')[0], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var begun)
            || begun < _clock.GetUtcNow() - Longest;
        var count = _calls.Count;
        if (!isOld)
        {
            await foreach (var call in _archive.CallsAsync(_batch.Dataset, batchId, cancellationToken))
            {
                // Loads come oldest first: the newest answer to a request is the one that stays.
                _calls[call.Address.AbsoluteUri] = (batchId, call);
            }
        }

        if (_calls.Count == count)
        {
            _toClose.Add(batchId);
        }
    }
}
