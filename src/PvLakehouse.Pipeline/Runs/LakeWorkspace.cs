using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>A session for those who build on the lake's tables: each at one state, the macros of the models, the sun over farm hours.</summary>
/// <remarks>Not for several threads at once.</remarks>
public sealed class LakeWorkspace : IAsyncDisposable
{
    private readonly Lake _lake;
    private readonly Dictionary<string, long> _snapshots = new(StringComparer.Ordinal);

    private LakeWorkspace(Lake lake, ISqlSession session)
    {
        _lake = lake;
        Session = session;
    }

    /// <summary>The session.</summary>
    public ISqlSession Session { get; }

    /// <summary>The snapshots that are bound, by the full name of their table.</summary>
    public IReadOnlyDictionary<string, long> Snapshots => _snapshots;

    /// <summary>Opens a session.</summary>
    public static async Task<LakeWorkspace> OpenAsync(Lake lake, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lake);
        var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        await ModelMacros.StageAsync(session, cancellationToken);
        return new(lake, session);
    }

    /// <summary>Makes the tables of some datasets readable by their names without layer, all at the state that they have now.</summary>
    /// <param name="datasets">Names of <see cref="Datasets"/>.</param>
    /// <param name="at">Snapshots of tables, by full name, to be bound in place of the newest.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="PipelineException">A table has no rows yet, or not any more the snapshot that is asked for.</exception>
    public async Task BindAsync(
        IEnumerable<string> datasets, IReadOnlyDictionary<string, long>? at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(datasets);
        foreach (var contract in datasets.Select(Datasets.TableOf))
        {
            var table = await _lake.Tables.FindAsync(contract, cancellationToken);
            var snapshot = at?.TryGetValue(contract.ToString(), out var asked) == true ? Find(contract, table, asked) : table?.CurrentSnapshot?.SnapshotId;
            if (snapshot is not { } id)
            {
                throw new PipelineException(
                    $"{contract} has no rows yet: run 'pvlake {contract.Layer} {Datasets.NameOf(contract)}' first.");
            }

            await Session.BindAsync(contract.Name, new TableAt(contract.Identifier, id), cancellationToken);
            _snapshots[contract.ToString()] = id;
        }
    }

    /// <summary>
    /// Stages <c>sun</c> (facility_code, date_hour and the quantities) for the farm hours of the relation <c>keys</c>; <c>clean_facility_master</c> has
    /// to be bound. Makes <c>facility_periods</c> too.
    /// </summary>
    /// <param name="quantities">Names of <see cref="SunTable"/>.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task StageSunAsync(IReadOnlyList<string> quantities, CancellationToken cancellationToken)
    {
        await Session.ExecuteAsync($"CREATE OR REPLACE TEMP VIEW facility_periods AS {SqlText.Read("facility_periods.sql")}", cancellationToken);
        await SunTable.StageAsync(Session, quantities, cancellationToken);
    }

    /// <summary>The table of a contract, to be written: made when missing, brought to the contract when an older version made it.</summary>
    public Task<Table> EnsureAsync(TableContract contract, CancellationToken cancellationToken) => _lake.Tables.EnsureAsync(contract, cancellationToken);

    /// <summary>Makes rows readable as a relation with the columns of a contract.</summary>
    /// <param name="relation">Name of the relation.</param>
    /// <param name="contract">The contract.</param>
    /// <param name="rows">Values in the order of its columns.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public Task StageAsync(string relation, TableContract contract, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return Session.StageAsync(
            relation, [.. contract.Columns.Select(column => new StagedColumn(column.Name, IcebergType.Parse(column.Type)))],
            rows.ToAsyncEnumerable(), cancellationToken);
    }

    /// <summary>Merges rows into the table of a contract by its key, in one commit; the table is made when missing.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="rows">Values in the order of its columns; created_at of a known row stays, and updated_at alone is no change.</param>
    /// <param name="cancellationToken">Stops the work; nothing is written then.</param>
    public async Task<WriteOutcome> MergeAsync(TableContract contract, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        var table = await EnsureAsync(contract, cancellationToken);
        await StageAsync("staged_rows", contract, rows, cancellationToken);
        return await Session.MergeAsync(
            contract.Identifier, "SELECT * FROM staged_rows", ModelRunner.Merge(table, contract, WriteOptions.Default), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Session.DisposeAsync();

    private static long Find(TableContract contract, Table? table, long snapshot) => table?.Metadata.FindSnapshot(snapshot) is not null
        ? snapshot
        : throw new PipelineException($"{contract} has no snapshot {snapshot} any more: it has expired, or the table was made anew.");
}
