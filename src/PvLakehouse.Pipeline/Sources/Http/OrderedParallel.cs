using System.Runtime.CompilerServices;

namespace PvLakehouse.Pipeline.Sources.Http;

/// <summary>Works on a few items at once and gives the results in the order of the items.</summary>
internal static class OrderedParallel
{
    /// <summary>Runs ahead of the consumer by at most <paramref name="parallelism"/> items, which bounds
    /// memory.</summary>
    /// <remarks>The first failure, in order, ends the sequence; work still running is cancelled and waited
    /// for.</remarks>
    public static async IAsyncEnumerable<TResult> SelectAsync<T, TResult>(
        IEnumerable<T> items,
        int parallelism,
        Func<T, CancellationToken, Task<TResult>> work,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var rest = items.GetEnumerator();
        var running = new Queue<Task<TResult>>();
        try
        {
            Fill();
            while (running.TryDequeue(out var next))
            {
                var result = await next;
                Fill();
                yield return result;
            }
        }
        finally
        {
            await stop.CancelAsync();
            foreach (var task in running)
            {
                // Its outcome no longer matters; only that it has ended.
                await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        void Fill()
        {
            while (running.Count < Math.Max(1, parallelism) && rest.MoveNext())
            {
                running.Enqueue(work(rest.Current, stop.Token));
            }
        }
    }
}
