namespace PvLakehouse.Forecasting.Tracking;

/// <summary>Why tracking or the registry could not do what it was asked, as far as a caller can act on it.</summary>
/// <remarks>Each but the last two has the name of an error code of MLflow's REST API.</remarks>
public enum TrackingFault
{
    /// <summary>A value breaks a rule: a key, a filter, a name, a parameter that would change.</summary>
    InvalidParameterValue,

    /// <summary>There is no such experiment, run, model, version, alias or artifact.</summary>
    ResourceDoesNotExist,

    /// <summary>The name is taken.</summary>
    ResourceAlreadyExists,

    /// <summary>The thing is there, but in a state (deleted, for example) that forbids the operation.</summary>
    InvalidState,

    /// <summary>The user or token is missing or wrong.</summary>
    Unauthenticated,

    /// <summary>The user is known and may not, or the server refuses the address by which it was called.</summary>
    PermissionDenied,

    /// <summary>The server does not know the operation.</summary>
    EndpointNotFound,

    /// <summary>The server failed or could not be reached, as often as it was asked; later it may work.</summary>
    TemporarilyUnavailable,

    /// <summary>The server failed in a way that it did not explain, or answered what no MLflow server answers.</summary>
    InternalError,

    /// <summary>The tracking file is not ours, of a newer version, damaged, or cannot be opened.</summary>
    UnreadableStore,

    /// <summary>The settings do not say what is needed: an address, or a storage for artifacts.</summary>
    NotSetUp,
}

/// <summary>Tracking or the model registry refused or failed; the message is one sentence that says what to do.</summary>
public sealed class TrackingException(TrackingFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What kind of fault it is.</summary>
    public TrackingFault Fault { get; } = fault;
}
