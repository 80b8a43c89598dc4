namespace PvLakehouse.Iceberg.Metadata;

/// <summary>Derives what must hold for updates to be right, as the reference implementation does.</summary>
public static class TableRequirements
{
    /// <summary>The requirements of updates that were made on a base; null means that the table is new.</summary>
    public static IReadOnlyList<TableRequirement> For(TableMetadata? @base, IReadOnlyList<TableUpdate> updates)
    {
        ArgumentNullException.ThrowIfNull(updates);
        if (@base is null)
        {
            return [new TableRequirement.AssertCreate()];
        }

        var requirements = new List<TableRequirement>();
        if (@base.TableUuid is { } uuid)
        {
            requirements.Add(new TableRequirement.AssertTableUuid(uuid));
        }

        foreach (var update in updates)
        {
            foreach (var requirement in Of(@base, update).Where(r => !requirements.Contains(r)))
            {
                requirements.Add(requirement);
            }
        }

        return requirements;
    }

    private static IEnumerable<TableRequirement> Of(TableMetadata table, TableUpdate update) => update switch
    {
        TableUpdate.SetSnapshotRef set => [RefUnmoved(table, set.RefName)],
        TableUpdate.RemoveSnapshotRef remove => [RefUnmoved(table, remove.RefName)],
        TableUpdate.AddSchema => [new TableRequirement.AssertLastAssignedFieldId(table.LastColumnId)],
        TableUpdate.SetCurrentSchema => [new TableRequirement.AssertCurrentSchemaId(table.CurrentSchemaId)],
        TableUpdate.AddSpec => [new TableRequirement.AssertLastAssignedPartitionId(table.LastPartitionId)],
        TableUpdate.SetDefaultSpec => [new TableRequirement.AssertDefaultSpecId(table.DefaultSpecId)],
        TableUpdate.SetDefaultSortOrder => [new TableRequirement.AssertDefaultSortOrderId(table.DefaultSortOrderId)],

        // What nobody uses now may be used by a commit that comes in between.
        TableUpdate.RemoveSchemas =>
            [new TableRequirement.AssertCurrentSchemaId(table.CurrentSchemaId), .. BranchesUnmoved(table)],
        TableUpdate.RemoveSpecs =>
            [new TableRequirement.AssertDefaultSpecId(table.DefaultSpecId), .. BranchesUnmoved(table)],
        _ => [],
    };

    private static IEnumerable<TableRequirement> BranchesUnmoved(TableMetadata table) => table.Refs
        .Where(r => r.Value.Kind == SnapshotRefKind.Branch).Select(r => RefUnmoved(table, r.Key));

    private static TableRequirement.AssertRefSnapshotId RefUnmoved(TableMetadata table, string name) =>
        new(name, table.Refs.TryGetValue(name, out var reference) ? reference.SnapshotId : null);
}
