namespace PvLakehouse.Iceberg;

/// <summary>The base of every failure that this library reports about tables, files and commits.</summary>
/// <remarks>
/// Mistakes of the caller (a null argument, an id that is no id) are reported by the usual .NET exceptions.
/// </remarks>
public class IcebergException : Exception
{
    /// <summary>Reports a failure by a sentence that says what was found, what was expected and where.</summary>
    public IcebergException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
