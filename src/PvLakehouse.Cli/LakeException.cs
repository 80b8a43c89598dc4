namespace PvLakehouse.Cli;

/// <summary>A folder cannot be used as the lake that a command needs; the message says why and what to do.</summary>
internal sealed class LakeException(string message, Exception? innerException = null) : Exception(message, innerException);
