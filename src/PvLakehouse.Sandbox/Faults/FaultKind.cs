namespace PvLakehouse.Sandbox.Faults;

/// <summary>How the sandbox can spoil an answer.</summary>
public enum FaultKind
{
    /// <summary><c>429</c>: too many requests.</summary>
    TooManyRequests,

    /// <summary><c>500</c>: an internal server error.</summary>
    InternalError,

    /// <summary><c>503</c>: maintenance or overload.</summary>
    Unavailable,

    /// <summary><c>truncate</c>: the body breaks off half-way.</summary>
    Truncate,

    /// <summary><c>slow</c>: the right answer, after a pause.</summary>
    Slow,

    /// <summary><c>malformed</c>: status 200 with half a JSON document.</summary>
    Malformed,

    /// <summary><c>wrongtype</c>: status 200 with valid JSON that has a text in place of the data.</summary>
    WrongType,

    /// <summary><c>down</c>: the connection is closed without an answer.</summary>
    Down,
}
