using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Faults;

/// <summary>Does the same work again and again, each time with another step of it going wrong in another way.</summary>
internal static class EveryStep
{
    /// <param name="prepare">Makes the tables; given a number that is another one each time.</param>
    /// <param name="work">What meets the fault.</param>
    /// <param name="check">
    /// Checks what is left; given the failure that the work ended with, null when it ended well.
    /// </param>
    public static async Task RunAsync(
        Func<int, Task<FaultLake>> prepare,
        Func<FaultLake, CancellationToken, Task> work,
        Func<FaultLake, FaultEnd, Task> check)
    {
        var points = new List<(FaultKind Kind, string Step, bool Failed)>();
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            for (var at = 0; ; at++)
            {
                var lake = await prepare(at);
                var stored = lake.Files.Locations;
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestTable.Cancel);
                lake.Plan.Start(kind, at, patience);
                Exception? failure = null;
                try
                {
                    await work(lake, patience.Token);
                }
                catch (Exception e) when (e is IcebergException or IOException or OperationCanceledException)
                {
                    failure = e;
                }

                var (step, steps) = (lake.Plan.Step, lake.Plan.Steps);
                lake.Plan.Stop();
                await check(lake, new FaultEnd(kind, step, failure, stored));
                if (step is not null)
                {
                    points.Add((kind, step, failure is not null));
                }
                else
                {
                    Assert.Null(failure);
                    if (at >= steps)
                    {
                        break;
                    }
                }
            }
        }

        // A matrix without points would prove nothing.
        Assert.All(Enum.GetValues<FaultKind>(), kind => Assert.True(points.Count(p => p.Kind == kind) > 3, $"{kind}"));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{points.Count} faults, {points.Count(p => p.Failed)} of which the caller noticed; "
            + string.Join(", ", points.GroupBy(p => p.Kind).Select(g => $"{g.Key} {g.Count()}")) + "; "
            + string.Join(", ", points.Select(p => p.Step.Split(' ', 2)[1]).Distinct()));
    }
}

/// <summary>How work ended that met a fault.</summary>
/// <param name="Kind">What was to go wrong.</param>
/// <param name="Step">The step that did; null when the work ended before it.</param>
/// <param name="Failure">The failure that the caller got; null when the work ended well.</param>
/// <param name="Stored">The files that there were before.</param>
internal sealed record FaultEnd(FaultKind Kind, string? Step, Exception? Failure, IReadOnlyList<string> Stored)
{
    /// <summary>Whether nothing could be cleaned up because the process was killed.</summary>
    public bool IsDead => Step is not null && Kind is FaultKind.DiesBefore or FaultKind.DiesAfter;

    /// <summary>Whether the caller knows that nothing happened.</summary>
    public bool IsCertain => Failure is not (null or CommitStateUnknownException) && !IsDead;
}
