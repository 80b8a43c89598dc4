using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Pipeline.Contracts;

namespace PvLakehouse.Pipeline.Publishing;

/// <summary>A table that a run has written to.</summary>
/// <param name="Contract">The table's contract.</param>
/// <param name="Table">The table.</param>
/// <param name="Published">The snapshot that readers see; null for a table that is new.</param>
/// <param name="Audited">The snapshot of the run.</param>
internal sealed record AuditedTable(TableContract Contract, Table Table, long? Published, long Audited);
