using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>What the pipeline works on: a catalog, the engine that reads and writes its tables, and a clock.</summary>
/// <param name="Catalog">Where the tables are.</param>
/// <param name="Engine">What executes SQL over them.</param>
/// <param name="Clock">Says what time it is.</param>
public sealed record Lake(ICatalog Catalog, ISqlEngine Engine, TimeProvider Clock)
{
    /// <summary>The tables, made from their contracts when first needed.</summary>
    internal LakeTables Tables { get; } = new(Catalog);
}
