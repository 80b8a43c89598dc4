using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Pipeline.Alerting;
using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>What the pipeline works on: a catalog, the engine that reads and writes its tables, and a clock.</summary>
/// <param name="Catalog">Where the tables are.</param>
/// <param name="Engine">What executes SQL over them.</param>
/// <param name="Clock">Says what time it is.</param>
public sealed record Lake(ICatalog Catalog, ISqlEngine Engine, TimeProvider Clock)
{
    /// <summary>Who is told when a person should know something; nobody unless said.</summary>
    public IAlertSink Alerts { get; init; } = AlertSinks.None;

    /// <summary>How many rows a model computes at once, roughly; more are computed a slice of days after the other.</summary>
    internal long RowsOfSlice { get; init; } = 500_000;

    /// <summary>The tables, made from their contracts when first needed.</summary>
    internal LakeTables Tables { get; } = new(Catalog);

    /// <summary>The branch that models write to and, where a table has it, read from; null is the main one.</summary>
    internal string? Branch { get; init; }

    /// <summary>What models see of a table: the head of <see cref="Branch"/>, or of the main branch; null without rows yet.</summary>
    internal Snapshot? HeadOf(Table table) => Branch is { } branch && table.Metadata.Refs.TryGetValue(branch, out var reference)
        ? table.Metadata.FindSnapshot(reference.SnapshotId)
        : table.CurrentSnapshot;

    /// <summary>Binds a table, as models see it, to its name without layer; one that was never made is made.</summary>
    internal Task BindAsync(ISqlSession session, TableContract contract, CancellationToken cancellationToken) =>
        BindAsync(session, contract, contract.Name, filter: null, cancellationToken);

    /// <summary>Binds a table, as models see it, to a name, without files that hold no row of a filter.</summary>
    internal async Task BindAsync(
        ISqlSession session, TableContract contract, string name, Expression? filter, CancellationToken cancellationToken)
    {
        var table = await Tables.EnsureAsync(contract, cancellationToken);
        await session.BindAsync(name, new TableAt(contract.Identifier, HeadOf(table)?.SnapshotId) { Filter = filter }, cancellationToken);
    }
}
