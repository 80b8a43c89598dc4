using System.Globalization;

namespace PvLakehouse.Pipeline.Sources;

/// <summary>Why a source gave no usable answer, as far as a caller can act on it.</summary>
public enum SourceFault
{
    /// <summary>No connection: wrong address, or the server is not running.</summary>
    Unreachable,

    /// <summary>The server failed, or answered too late or in part, as often as it was asked.</summary>
    Unavailable,

    /// <summary>The server understood and refused; asking again cannot help.</summary>
    Refused,

    /// <summary>The key is missing, wrong, or (on a key that worked before) its quota is probably used up.</summary>
    Unauthorized,

    /// <summary>A rate or daily limit, ours or the server's, would be broken; it opens again later.</summary>
    LimitReached,

    /// <summary>The answer is not what the source's contract says: malformed JSON, wrong type, wrong unit, missing
    /// key.</summary>
    BadPayload,
}

/// <summary>A source of energy or weather data could not be read; the message names the source, the request and the
/// remedy.</summary>
public sealed class SourceException(
    SourceFault fault, string source, string? window, string problem, Exception? innerException = null)
    : Exception(Compose(source, window, problem), innerException)
{
    /// <summary>What kind of fault it is.</summary>
    public SourceFault Fault { get; } = fault;

    /// <summary>The endpoint, for example openelectricity/energy.</summary>
    public string SourceName { get; } = source;

    /// <summary>The window and farms of the request that failed; null when the fault concerns no single
    /// request.</summary>
    public string? Window { get; } = window;

    private static string Compose(string source, string? window, string problem) => window is null
        ? string.Create(CultureInfo.InvariantCulture, $"{source}: {problem}")
        : string.Create(CultureInfo.InvariantCulture, $"{source} ({window}): {problem}");
}
