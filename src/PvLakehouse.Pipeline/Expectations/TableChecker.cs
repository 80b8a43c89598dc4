using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Expectations;

/// <summary>Runs expectations on a lake as it is seen on its branch, and counts the rows that break quality rules.</summary>
internal sealed class TableChecker(Lake lake)
{
    /// <summary>Checks some tables.</summary>
    /// <param name="scopes">The tables and what of them to look at.</param>
    /// <param name="withClock">Whether expectations about the clock are looked at too.</param>
    /// <param name="cancellationToken">Stops between checks.</param>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(
        IReadOnlyDictionary<TableContract, CheckScope> scopes, bool withClock, CancellationToken cancellationToken)
    {
        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        await ModelMacros.StageAsync(session, cancellationToken);
        var asked = scopes.Where(pair => ContractExpectations.TimeOf(pair.Key) is not null).Select(pair => pair.Value)
            .Aggregate((CheckScope?)null, (all, scope) => all?.Or(scope) ?? scope) ?? CheckScope.All;
        var tables = new Dictionary<TableContract, Table>();
        var bound = new Dictionary<TableContract, long>();
        var results = new List<CheckResult>();
        foreach (var expectation in LakeExpectations.All(scopes.Keys, lake.Clock.GetUtcNow()))
        {
            if ((withClock || !expectation.OfTheClock) && scopes.TryGetValue(expectation.Table, out var scope)
                && await CheckAsync(expectation, scope) is { } result)
            {
                results.Add(result);
            }
        }

        foreach (var (table, scope) in scopes)
        {
            if (await FindAsync(table) is not null)
            {
                await BindAtAsync(table, HeadOf(table));
                results.AddRange(await RowScan.RunAsync(session, table, scope, cancellationToken));
            }
        }

        var order = Datasets.Contracts.Concat(scopes.Keys).Distinct().Index().ToDictionary(item => item.Item, item => item.Index);
        return [.. results.OrderBy(result => order[result.Table]).Select(result => result with { SnapshotId = HeadOf(result.Table) })];

        long HeadOf(TableContract table) => lake.HeadOf(tables[table])!.SnapshotId;

        // Null when the table is not there yet, or has never been written to.
        async Task<Table?> FindAsync(TableContract table)
        {
            if (!tables.TryGetValue(table, out var found))
            {
                found = await lake.Tables.FindAsync(table, cancellationToken);
                if (found is null || lake.HeadOf(found) is null)
                {
                    return null;
                }

                tables[table] = found;
            }

            return found;
        }

        // Null when one of the tables is not there yet.
        async Task<CheckResult?> CheckAsync(Expectation expectation, CheckScope scope)
        {
            foreach (var table in expectation.Needs.Prepend(expectation.Table))
            {
                if (await FindAsync(table) is not { } found)
                {
                    return null;
                }

                if ((table == expectation.Table ? HeadOf(table) : SeenBy(tables[expectation.Table], found, table)) is not { } snapshot)
                {
                    return new(
                        expectation.Table, expectation.Name, CheckStatus.Warn, Violations: 0, RowsChecked: 0,
                        $"{table} has changed since {expectation.Table} was made of it, and what it was made of has expired");
                }

                await BindAtAsync(table, snapshot);
            }

            return await RunAsync(session, expectation, scope, cancellationToken);
        }

        async Task BindAtAsync(TableContract table, long snapshotId)
        {
            if (bound.GetValueOrDefault(table) != snapshotId)
            {
                await session.BindAsync(table.Name, new TableAt(table.Identifier, snapshotId) { Filter = FilesOf(table, asked) }, cancellationToken);
                bound[table] = snapshotId;
            }
        }
    }

    /// <summary>The snapshot of a source that a table was made from; null when it has expired.</summary>
    /// <remarks>
    /// What came to the source since is no contradiction: a run that was stopped, or a command for one table, leaves it to the next run.
    /// </remarks>
    private long? SeenBy(Table table, Table source, TableContract contract)
    {
        var head = lake.HeadOf(source)!.SnapshotId;
        return Watermark.ConsumedBy(table.Metadata, lake.HeadOf(table), contract) is { } consumed
            ? Watermark.WithRowsOf(source.Metadata, head, consumed)
            : head;
    }

    /// <summary>Selects the files of a table that may hold rows of a scope; null selects all.</summary>
    private static Expression? FilesOf(TableContract table, CheckScope scope)
    {
        // Sums compare the hours of the scope with their intervals and days, which may be labelled on the next day.
        if (scope.Span?.Widened(TimeSpan.FromDays(2), TimeSpan.FromDays(2)) is not { } span)
        {
            return null;
        }

        return table == RawFacilityTimeseries.Contract ? span.On(RawFacilityTimeseries.Series.Stamp!) : ContractExpectations.TimeOf(table) switch
        {
            null => null,
            { Type: "date" } day => span.ToDays().On(day.Name),
            var hour => span.On(hour.Name),
        };
    }

    private async Task<CheckResult> RunAsync(
        ISqlSession session, Expectation expectation, CheckScope scope, CancellationToken cancellationToken)
    {
        var (violations, rows, sample) = (0L, 0L, (string?)null);
        foreach (var part in await PartsAsync(session, expectation, scope, cancellationToken))
        {
            var row = (await RowsAsync(session, expectation.Sql(part), cancellationToken))[0];
            (violations, rows, sample) = (violations + Number(row[0]), rows + Number(row[1]), sample ?? (string?)row[2]);
        }

        return new(
            expectation.Table, expectation.Name, violations == 0 ? CheckStatus.Pass : expectation.Otherwise, violations, rows, sample)
        {
            From = scope.From,
            To = scope.To,
        };
    }

    /// <summary>A scope in parts of whole months, each of no more rows than are looked at in one statement, or of a single month.</summary>
    private async Task<IReadOnlyList<CheckScope>> PartsAsync(
        ISqlSession session, Expectation expectation, CheckScope scope, CancellationToken cancellationToken)
    {
        if (expectation.Months is not { } months)
        {
            return [scope];
        }

        var cuts = new List<DateTimeOffset>();
        var together = 0L;
        foreach (var month in await RowsAsync(session, months(scope), cancellationToken))
        {
            if (together > 0 && together + Number(month[1]) > lake.RowsOfSlice)
            {
                cuts.Add(Instants.From(month[0]));
                together = 0;
            }

            together += Number(month[1]);
        }

        return scope.CutAt(cuts);
    }

    private static async Task<IReadOnlyList<object?[]>> RowsAsync(ISqlSession session, string sql, CancellationToken cancellationToken) =>
        await (await session.QueryAsync(sql, parameters: null, cancellationToken)).ToListAsync(cancellationToken);

    private static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
