namespace PvLakehouse.Iceberg.Metadata;

/// <content>Statistics files, and what nothing uses any more.</content>
public sealed partial class TableMetadataBuilder
{
    /// <summary>Sets the statistics file of a snapshot, in place of an earlier one.</summary>
    /// <exception cref="IcebergException">There is no such snapshot.</exception>
    public TableMetadataBuilder SetStatistics(StatisticsEntry statistics)
    {
        var all = With(_now.Statistics, statistics);
        return all is null ? this : Change(_now with { Statistics = all }, new TableUpdate.SetStatistics(statistics));
    }

    /// <summary>Forgets the statistics file of a snapshot; one that is not there is no failure.</summary>
    public TableMetadataBuilder RemoveStatistics(long snapshotId)
    {
        var rest = _now.Statistics.Where(s => s.SnapshotId != snapshotId).ToList();
        return rest.Count == _now.Statistics.Count ? this : Change(
            _now with { Statistics = rest }, new TableUpdate.RemoveStatistics(snapshotId));
    }

    /// <summary>Sets the partition statistics file of a snapshot, in place of an earlier one.</summary>
    /// <exception cref="IcebergException">There is no such snapshot.</exception>
    public TableMetadataBuilder SetPartitionStatistics(StatisticsEntry statistics)
    {
        var all = With(_now.PartitionStatistics, statistics);
        return all is null ? this : Change(
            _now with { PartitionStatistics = all }, new TableUpdate.SetPartitionStatistics(statistics));
    }

    /// <summary>Forgets the partition statistics file of a snapshot; one that is not there is no failure.</summary>
    public TableMetadataBuilder RemovePartitionStatistics(long snapshotId)
    {
        var rest = _now.PartitionStatistics.Where(s => s.SnapshotId != snapshotId).ToList();
        return rest.Count == _now.PartitionStatistics.Count ? this : Change(
            _now with { PartitionStatistics = rest }, new TableUpdate.RemovePartitionStatistics(snapshotId));
    }

    /// <summary>Forgets schemas. Ids that are not there are no failure.</summary>
    /// <exception cref="IcebergException">A schema is the current one or that of a snapshot.</exception>
    public TableMetadataBuilder RemoveSchemas(IReadOnlyList<int> schemaIds)
    {
        ArgumentNullException.ThrowIfNull(schemaIds);
        var gone = _now.Schemas.Select(s => s.SchemaId).Intersect(schemaIds).ToList();
        if (gone.Contains(_now.CurrentSchemaId))
        {
            throw new IcebergException($"Schema {_now.CurrentSchemaId} is the current one and cannot be removed.");
        }

        if (_now.Snapshots.FirstOrDefault(s => s.SchemaId is { } id && gone.Contains(id)) is { } used)
        {
            throw new IcebergException(
                $"Schema {used.SchemaId} is that of snapshot {used.SnapshotId} and cannot be removed.");
        }

        return gone.Count == 0 ? this : Change(
            _now with { Schemas = [.. _now.Schemas.Where(s => !gone.Contains(s.SchemaId))] }, new TableUpdate.RemoveSchemas(gone));
    }

    /// <summary>
    /// Forgets partition specs, which no file of any snapshot may use. Ids that are not there are no failure.
    /// </summary>
    /// <exception cref="IcebergException">A spec is the one that writers use.</exception>
    public TableMetadataBuilder RemoveSpecs(IReadOnlyList<int> specIds)
    {
        ArgumentNullException.ThrowIfNull(specIds);
        var gone = _now.Specs.Select(s => s.SpecId).Intersect(specIds).ToList();
        if (gone.Contains(_now.DefaultSpecId))
        {
            throw new IcebergException($"Partition spec {_now.DefaultSpecId} is the default and cannot be removed.");
        }

        return gone.Count == 0 ? this : Change(
            _now with { Specs = [.. _now.Specs.Where(s => !gone.Contains(s.SpecId))] }, new TableUpdate.RemoveSpecs(gone));
    }

    /// <summary>The entries with one set; null when it is there already.</summary>
    private List<StatisticsEntry>? With(IReadOnlyList<StatisticsEntry> entries, StatisticsEntry statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        if (_now.FindSnapshot(statistics.SnapshotId) is null)
        {
            throw new IcebergException($"There is no snapshot {statistics.SnapshotId} to have statistics.");
        }

        return entries.Contains(statistics) ? null : [.. entries.Where(s => s.SnapshotId != statistics.SnapshotId), statistics];
    }
}
