namespace PvLakehouse.Iceberg.Commit;

/// <summary>A change of columns that files written before would contradict.</summary>
public sealed class IncompatibleSchemaException(string message) : IcebergException(message);
