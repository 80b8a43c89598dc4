namespace PvLakehouse.Iceberg.Metadata;

/// <summary>What must hold of a table for a commit to be right, named as in the REST catalog specification.</summary>
public abstract record TableRequirement
{
    private TableRequirement()
    {
    }

    /// <summary>The name of the requirement in the REST catalog specification.</summary>
    public abstract string Type { get; }

    /// <summary>Checks the requirement against the table as it is now.</summary>
    /// <param name="table">Current metadata; null when there is no such table.</param>
    /// <returns>A sentence that says what does not hold, or null when it holds.</returns>
    public abstract string? Validate(TableMetadata? table);

    private protected static string? Check<T>(TableMetadata? table, string what, T expected, Func<TableMetadata, T> found) =>
        table is null ? $"The table is gone; its {what} should be {Show(expected)}."
        : EqualityComparer<T>.Default.Equals(found(table), expected) ? null
        : $"The {what} should be {Show(expected)} but is {Show(found(table))}.";

    private static string Show<T>(T value) => value?.ToString() ?? "none";

    /// <summary>There is no such table yet.</summary>
    public sealed record AssertCreate : TableRequirement
    {
        /// <inheritdoc/>
        public override string Type => "assert-create";

        /// <inheritdoc/>
        public override string? Validate(TableMetadata? table) => table is null ? null : "The table already exists.";
    }

    /// <summary>The table is still the same one, not another of the same name.</summary>
    public sealed record AssertTableUuid(Guid Uuid) : TableRequirement
    {
        /// <inheritdoc/>
        public override string Type => "assert-table-uuid";

        /// <inheritdoc/>
        public override string? Validate(TableMetadata? table) => Check(table, "table uuid", Uuid, t => t.TableUuid);
    }

    /// <summary>
    /// A branch or tag still names the same snapshot; null means that there must be no such branch or tag.
    /// </summary>
    public sealed record AssertRefSnapshotId(string Ref, long? SnapshotId) : TableRequirement
    {
        /// <inheritdoc/>
        public override string Type => "assert-ref-snapshot-id";

        /// <inheritdoc/>
        public override string? Validate(TableMetadata? table) => Check(
            table, $"snapshot of '{Ref}'", SnapshotId, t => t.Refs.TryGetValue(Ref, out var r) ? r.SnapshotId : null);
    }

    /// <summary>No column was added meanwhile.</summary>
    public sealed record AssertLastAssignedFieldId(int LastAssignedFieldId) : TableRequirement
    {
        /// <inheritdoc/>
        public override string Type => "assert-last-assigned-field-id";

        /// <inheritdoc/>
        public override string? Validate(TableMetadata? table) =>
            Check(table, "last assigned field id", LastAssignedFieldId, t => t.LastColumnId);
    }

    /// <summary>The current schema is still the same.</summary>
    public sealed record AssertCurrentSchemaId(int CurrentSchemaId) : TableRequirement
    {
        /// <inheritdoc/>
        public override string Type => "assert-current-schema-id";

        /// <inheritdoc/>
        public override string? Validate(TableMetadata? table) =>
            Check(table, "current schema id", CurrentSchemaId, t => t.CurrentSchemaId);
    }

    /// <summary>No partition field was added meanwhile.</summary>
    public sealed record AssertLastAssignedPartitionId(int LastAssignedPartitionId) : TableRequirement
    {
        /// <inheritdoc/>
        public override string Type => "assert-last-assigned-partition-id";

        /// <inheritdoc/>
        public override string? Validate(TableMetadata? table) =>
            Check(table, "last assigned partition field id", LastAssignedPartitionId, t => t.LastPartitionId);
    }

    /// <summary>The default partition spec is still the same.</summary>
    public sealed record AssertDefaultSpecId(int DefaultSpecId) : TableRequirement
    {
        /// <inheritdoc/>
        public override string Type => "assert-default-spec-id";

        /// <inheritdoc/>
        public override string? Validate(TableMetadata? table) =>
            Check(table, "default partition spec id", DefaultSpecId, t => t.DefaultSpecId);
    }

    /// <summary>The default sort order is still the same.</summary>
    public sealed record AssertDefaultSortOrderId(int DefaultSortOrderId) : TableRequirement
    {
        /// <inheritdoc/>
        public override string Type => "assert-default-sort-order-id";

        /// <inheritdoc/>
        public override string? Validate(TableMetadata? table) =>
            Check(table, "default sort order id", DefaultSortOrderId, t => t.DefaultSortOrderId);
    }
}
