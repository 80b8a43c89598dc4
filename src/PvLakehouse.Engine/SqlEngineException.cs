namespace PvLakehouse.Engine;

/// <summary>A statement was refused or failed; the message is one sentence, with a hint on a second line where there is one.</summary>
public sealed class SqlEngineException(string message, Exception? innerException = null) : Exception(message, innerException);
