namespace PvLakehouse.Pipeline;

/// <summary>A load or model could not run; the message says what is wrong and what to do.</summary>
public class PipelineException(string message, Exception? innerException = null) : Exception(message, innerException);
