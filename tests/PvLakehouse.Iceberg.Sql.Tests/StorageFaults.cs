using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Tests.Faults;

namespace PvLakehouse.Iceberg.Sql.Tests;

/// <summary>Commits to two tables of a SQL catalog with a fault at each step of the storage.</summary>
internal static class StorageFaults
{
    /// <param name="matrix">The tables and what is done to them.</param>
    /// <param name="open">Opens a client of the catalog with a storage.</param>
    /// <param name="warehouse">Folder of all files.</param>
    public static async Task RunAsync(SqlFaultMatrix matrix, Func<IFileIO, Task<SqlCatalog>> open, string warehouse)
    {
        var cancel = TestContext.Current.CancellationToken;
        await matrix.PrepareAsync();
        var (round, committed, moves, points) = (0, 0, 0, new List<(FaultKind Kind, string Step)>());
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            for (var at = 0; ; at++)
            {
                var plan = new FaultPlan();
                await using var client = await open(new FaultedFileIO(new LocalFileIO(), plan));
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                var stored = new List<string>();
                var failure = await matrix.CommitAsync(
                    client,
                    round,
                    () =>
                    {
                        stored.AddRange(Stored(warehouse));
                        plan.Start(kind, at, patience);
                    },
                    patience.Token);
                var (step, steps) = (plan.Step, plan.Steps);
                plan.Stop();

                // The database itself met no fault, so each end is known.
                Assert.IsNotType<CommitStateUnknownException>(failure);
                var number = await matrix.ReadAsync();
                if (failure is null)
                {
                    Assert.Equal(round + 1, number);
                    committed = number;
                    moves++;
                }
                else
                {
                    Assert.Equal(committed, number);
                    if (kind is not (FaultKind.DiesBefore or FaultKind.DiesAfter) && step is not "FailsBefore delete")
                    {
                        var more = string.Join(' ', Stored(warehouse).Except(stored));
                        Assert.True(more.Length == 0, $"{kind} {step} left {more}: {failure.Message}");
                    }
                }

                Assert.Empty(stored.Except(Stored(warehouse)));
                round++;
                if (step is not null)
                {
                    points.Add((kind, step));
                }
                else if (at >= steps)
                {
                    break;
                }
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{points.Count} faults, the tables moved {moves} times: "
            + string.Join(", ", points.GroupBy(p => p.Kind).Select(g => $"{g.Key} {g.Count()}")) + "; "
            + string.Join(", ", points.Select(p => p.Step.Split(' ', 2)[1]).Distinct()));
        Assert.True(points.Count > 100, $"{points.Count} points");
    }

    private static List<string> Stored(string warehouse) =>
        [.. Directory.GetFiles(warehouse, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
