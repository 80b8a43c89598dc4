using System.Security.Cryptography;
using System.Text;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Pipeline.Ops;
using PvLakehouse.Pipeline.Quality;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Expectations;

/// <summary>Keeps what checks found, so that quality has a history.</summary>
internal sealed class ResultHistory(Lake lake)
{
    /// <summary>Snapshot property: what the newest results say, shortened; the same again is no news.</summary>
    private const string Digest = "pvlake.check-digest";

    /// <summary>Adds the results of one run, unless they are exactly those of the run before.</summary>
    public async Task AddAsync(IReadOnlyList<CheckResult> results, CancellationToken cancellationToken)
    {
        var now = Instants.ToMicroseconds(lake.Clock.GetUtcNow());
        var run = Guid.CreateVersion7(now).ToString("N");
        var table = await lake.Tables.EnsureAsync(QualityResults.Contract, cancellationToken);
        var digest = DigestOf(results);
        if (lake.HeadOf(table)?.Summary.GetValueOrDefault(Digest) == digest)
        {
            return;
        }

        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        await session.StageAsync(
            "results",
            [.. QualityResults.Contract.Columns.Select(column => new StagedColumn(column.Name, IcebergType.Parse(column.Type)))],
            results.Select(result => (object?[])
            [
                run, now, result.Table.ToString(), result.Check, Word(result.Status), result.Violations, result.RowsChecked, result.Sample,
                result.From, result.To, result.SnapshotId, RuleBook.Version,
            ]).ToAsyncEnumerable(),
            cancellationToken);
        await session.AppendAsync(
            QualityResults.Contract.Identifier,
            "SELECT * FROM results",
            new WriteOptions
            {
                Branch = lake.Branch,
                SnapshotProperties = new Dictionary<string, string>(StringComparer.Ordinal) { [Digest] = digest },
            },
            cancellationToken);
    }

    // What ops holds grows by being checked, so it is left out.
    private static string DigestOf(IReadOnlyList<CheckResult> results) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes($"{RuleBook.Version}\n{string.Join('\n', results.Where(result => result.Table.Layer != "ops"))}")));

    /// <summary>A status as the table has it.</summary>
    public static string Word(CheckStatus status) => status switch
    {
        CheckStatus.Pass => "pass",
        CheckStatus.Info => "info",
        CheckStatus.Warn => "warn",
        CheckStatus.Fail => "fail",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Expected a status of a check."),
    };
}
