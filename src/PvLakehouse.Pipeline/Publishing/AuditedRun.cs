using System.Diagnostics;
using System.Globalization;
using PvLakehouse.Pipeline.Alerting;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Expectations;
using PvLakehouse.Pipeline.Ops;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Publishing;

/// <summary>Write, audit, publish: models write to a branch, the expectations run there, and only a pass moves the main branches.</summary>
public sealed class AuditedRun(Lake lake)
{
    private const int FailuresNamed = 3;

    private readonly AuditBranch _branch = new(lake);

    /// <summary>Runs models and publishes what they made, all tables at once, if it passes.</summary>
    /// <param name="make">Runs the models.</param>
    /// <param name="observe">Runs the audit as a stage of the run.</param>
    /// <param name="cancellationToken">Stops the run; nothing of it is published then.</param>
    /// <exception cref="AuditException">An expectation failed; the main branches are as they were, the audit branches show what failed.</exception>
    public async Task RunAsync(Func<LakeModels, Task> make, StageObserver observe, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(make);
        ArgumentNullException.ThrowIfNull(observe);
        await _branch.DiscardAsync(cancellationToken);
        await make(new LakeModels(_branch.Lake));
        if (await _branch.WrittenAsync(cancellationToken) is { Count: > 0 } written)
        {
            await observe("audit", () => AuditAsync(written, cancellationToken));
        }
    }

    private async Task<StageResult> AuditAsync(IReadOnlyList<AuditedTable> written, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var scopes = new Dictionary<TableContract, CheckScope>();
        foreach (var table in written)
        {
            if (await ChangedHours.OfAsync(_branch.Lake, table, cancellationToken) is { } scope)
            {
                scopes.Add(table.Contract, scope);
            }
        }

        var results = await new TableChecker(_branch.Lake).RunAsync(scopes, withClock: false, cancellationToken);
        var failed = results.Where(result => result.Status == CheckStatus.Fail).ToArray();
        if (failed.Length > 0)
        {
            // That the audit failed is a fact of its own, to be seen on the main branch.
            await new ResultHistory(lake).AddAsync(results, cancellationToken);
            throw await RejectAsync(failed, cancellationToken);
        }

        if (results.Count > 0)
        {
            await new ResultHistory(_branch.Lake).AddAsync(results, cancellationToken);
        }

        await _branch.PublishAsync(await _branch.WrittenAsync(cancellationToken), cancellationToken);
        var expectations = results.Count(result => result.Status != CheckStatus.Info);
        return new(QualityResults.Contract.ToString(), null, Stopwatch.GetElapsedTime(started))
        {
            Summary = string.Create(CultureInfo.InvariantCulture, $"{expectations} expectations held, {written.Count} tables published"),
            Notes = [.. results.Where(result => result.Status == CheckStatus.Warn).Select(Sentence)],
        };
    }

    private async Task<AuditException> RejectAsync(CheckResult[] failed, CancellationToken cancellationToken)
    {
        var named = string.Join(" ", failed.Take(FailuresNamed).Select(Sentence));
        var more = failed.Length > FailuresNamed ? $" And {failed.Length - FailuresNamed} more." : "";
        var text = $"{failed.Length} expectation{(failed.Length == 1 ? "" : "s")} failed, so nothing was published. {named}{more} "
            + $"The tables are as they were; their branch '{AuditBranch.Name}' shows what was rejected.";
        await lake.Alerts.RaiseAsync(new Alert(lake.Clock.GetUtcNow(), "audit failed", text), cancellationToken);
        return new AuditException(text);
    }

    private static string Sentence(CheckResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{result.Table} {result.Check}: {result.Violations} of {result.RowsChecked}{(result.Sample is { } sample ? $", for example {sample}" : "")}.");
}
