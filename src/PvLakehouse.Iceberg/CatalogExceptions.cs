namespace PvLakehouse.Iceberg;

/// <summary>The catalog has no table of that name.</summary>
public sealed class NoSuchTableException(string message) : IcebergException(message);

/// <summary>The catalog has no namespace of that name.</summary>
public sealed class NoSuchNamespaceException(string message) : IcebergException(message);

/// <summary>A table, view or namespace of that name is already there.</summary>
public sealed class AlreadyExistsException(string message, Exception? innerException = null)
    : IcebergException(message, innerException);

/// <summary>The namespace still holds tables or other namespaces, so it cannot be dropped.</summary>
public sealed class NamespaceNotEmptyException(string message) : IcebergException(message);
