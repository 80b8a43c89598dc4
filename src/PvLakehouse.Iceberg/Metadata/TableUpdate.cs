using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Metadata;

/// <summary>One change of table metadata, named as in the REST catalog specification.</summary>
/// <remarks>A commit is a list of these with the <see cref="TableRequirement"/>s that must hold for it.</remarks>
public abstract record TableUpdate
{
    /// <summary>Stands for "the one that was added last in the same commit" where an id is asked for.</summary>
    public const int LastAdded = -1;

    private TableUpdate()
    {
    }

    /// <summary>The name of the change in the REST catalog specification.</summary>
    public abstract string Action { get; }

    internal abstract void ApplyTo(TableMetadataBuilder builder);

    /// <summary>Gives the table its identity.</summary>
    public sealed record AssignUuid(Guid Uuid) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "assign-uuid";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.AssignUuid(Uuid);
    }

    /// <summary>Raises the format version.</summary>
    public sealed record UpgradeFormatVersion(int FormatVersion) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "upgrade-format-version";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.UpgradeFormatVersion(FormatVersion);
    }

    /// <summary>Adds a schema.</summary>
    public sealed record AddSchema(Schema Schema) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "add-schema";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.AddSchema(Schema);
    }

    /// <summary>Makes a schema the current one.</summary>
    public sealed record SetCurrentSchema(int SchemaId) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "set-current-schema";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.SetCurrentSchema(SchemaId);
    }

    /// <summary>Adds a partition spec.</summary>
    public sealed record AddSpec(PartitionSpec Spec) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "add-spec";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.AddSpec(Spec);
    }

    /// <summary>Makes a partition spec the one that writers use.</summary>
    public sealed record SetDefaultSpec(int SpecId) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "set-default-spec";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.SetDefaultSpec(SpecId);
    }

    /// <summary>Adds a sort order.</summary>
    public sealed record AddSortOrder(SortOrder SortOrder) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "add-sort-order";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.AddSortOrder(SortOrder);
    }

    /// <summary>Makes a sort order the one that writers use.</summary>
    public sealed record SetDefaultSortOrder(int SortOrderId) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "set-default-sort-order";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.SetDefaultSortOrder(SortOrderId);
    }

    /// <summary>Adds a snapshot; no reader sees it until a reference names it.</summary>
    public sealed record AddSnapshot(Snapshot Snapshot) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "add-snapshot";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.AddSnapshot(Snapshot);
    }

    /// <summary>Makes or moves a branch or tag.</summary>
    public sealed record SetSnapshotRef(string RefName, SnapshotRef Ref) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "set-snapshot-ref";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.SetRef(RefName, Ref);
    }

    /// <summary>Forgets snapshots; their files stay until maintenance removes them.</summary>
    public sealed record RemoveSnapshots(IReadOnlyList<long> SnapshotIds) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "remove-snapshots";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.RemoveUnnamedSnapshots(SnapshotIds);
    }

    /// <summary>Removes a branch or tag.</summary>
    public sealed record RemoveSnapshotRef(string RefName) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "remove-snapshot-ref";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.RemoveRef(RefName);
    }

    /// <summary>Forgets schemas that nothing uses.</summary>
    public sealed record RemoveSchemas(IReadOnlyList<int> SchemaIds) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "remove-schemas";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.RemoveSchemas(SchemaIds);
    }

    /// <summary>Forgets partition specs that no file uses.</summary>
    public sealed record RemoveSpecs(IReadOnlyList<int> SpecIds) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "remove-partition-specs";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.RemoveSpecs(SpecIds);
    }

    /// <summary>Sets the statistics file of a snapshot.</summary>
    public sealed record SetStatistics(StatisticsEntry Statistics) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "set-statistics";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.SetStatistics(Statistics);
    }

    /// <summary>Forgets the statistics file of a snapshot.</summary>
    public sealed record RemoveStatistics(long SnapshotId) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "remove-statistics";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.RemoveStatistics(SnapshotId);
    }

    /// <summary>Sets the partition statistics file of a snapshot.</summary>
    public sealed record SetPartitionStatistics(StatisticsEntry Statistics) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "set-partition-statistics";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.SetPartitionStatistics(Statistics);
    }

    /// <summary>Forgets the partition statistics file of a snapshot.</summary>
    public sealed record RemovePartitionStatistics(long SnapshotId) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "remove-partition-statistics";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.RemovePartitionStatistics(SnapshotId);
    }

    /// <summary>Moves the root of future files.</summary>
    public sealed record SetLocation(string Location) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "set-location";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.SetLocation(Location);
    }

    /// <summary>Sets table properties.</summary>
    public sealed record SetProperties(IReadOnlyDictionary<string, string> Updates) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "set-properties";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.SetProperties(Updates);
    }

    /// <summary>Removes table properties.</summary>
    public sealed record RemoveProperties(IReadOnlyList<string> Removals) : TableUpdate
    {
        /// <inheritdoc/>
        public override string Action => "remove-properties";

        internal override void ApplyTo(TableMetadataBuilder builder) => builder.RemoveProperties(Removals);
    }
}
