using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>A change that is not committed yet: it is made on one base after another until it is.</summary>
internal interface IPendingChange
{
    /// <summary>Makes the change on a base; called once for each base.</summary>
    /// <param name="builder">The base, with the changes that come before this one in the same commit.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    Task ApplyAsync(TableMetadataBuilder builder, CancellationToken cancellationToken);

    /// <summary>Whether the metadata shows that the change happened; false also when that cannot be told.</summary>
    bool IsIn(TableMetadata metadata);

    /// <summary>Removes files that nobody refers to. Called once the outcome is known, and only then.</summary>
    /// <param name="committed">Whether the base that was changed last became the table.</param>
    Task CleanUpAsync(bool committed);
}
