namespace PvLakehouse.Iceberg;

/// <summary>
/// Somebody else's commit came first and this one can no longer be applied; nothing of it became visible.
/// </summary>
/// <remarks>
/// The library has already repeated what can be repeated. Refresh the table, do the work again from the new state
/// (read, compute, write) and commit that.
/// </remarks>
public sealed class CommitConflictException(string message, Exception? innerException = null)
    : IcebergException(message, innerException);

/// <summary>The catalog did not say whether the commit happened; nothing was deleted.</summary>
/// <remarks>Load the table again and look before repeating: a blind repeat may write the rows twice.</remarks>
public sealed class CommitStateUnknownException(string message, Exception? innerException = null)
    : IcebergException(message, innerException);
