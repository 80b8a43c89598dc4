namespace PvLakehouse.TestServers.Mlflow;

/// <summary>What goes wrong with one request.</summary>
public sealed record MlflowFault
{
    private MlflowFault()
    {
    }

    /// <summary>Status that is answered instead of working; null works.</summary>
    public int? Status { get; private init; }

    /// <summary>Text of that answer.</summary>
    public string Body { get; private init; } = "";

    /// <summary>Type of that answer.</summary>
    public string ContentType { get; private init; } = "text/html";

    /// <summary>Seconds of a Retry-After header.</summary>
    public int? RetryAfter { get; private init; }

    /// <summary>Whether the work is done and the connection closed without an answer.</summary>
    public bool LosesAnswer { get; private init; }

    /// <summary>Whether the work is done and half of the answer sent.</summary>
    public bool CutsAnswer { get; private init; }

    /// <summary>Whether the work is done and 503 answered, as a gateway does that lost patience.</summary>
    public bool WorksAndFails { get; private init; }

    /// <summary>A gateway's page.</summary>
    public static MlflowFault Unavailable { get; } = new() { Status = 503, Body = "<html>503 Service Unavailable</html>" };

    /// <summary>Too many requests; come back after some seconds.</summary>
    public static MlflowFault TooMany(int seconds) => new() { Status = 429, RetryAfter = seconds };

    /// <summary>The connection is lost after the work was done.</summary>
    public static MlflowFault LostAnswer { get; } = new() { LosesAnswer = true };

    /// <summary>The answer ends half-way, and the connection with it.</summary>
    public static MlflowFault CutAnswer { get; } = new() { CutsAnswer = true };

    /// <summary>The work is done, and the answer says 503.</summary>
    public static MlflowFault LateGateway { get; } = new() { WorksAndFails = true };

    /// <summary>The check of the Host header (MLflow 3.5 and newer).</summary>
    public static MlflowFault WrongHost { get; } = new()
    {
        Status = 403, Body = "Invalid Host header - possible DNS rebinding attack detected", ContentType = "text/plain",
    };

    /// <summary>An answer of MLflow's own kind.</summary>
    public static MlflowFault Error(int status, string code, string message) => new()
    {
        Status = status,
        ContentType = "application/json",
        Body = $$"""{"error_code": "{{code}}", "message": "{{message}}"}""",
    };

    /// <summary>Any other answer.</summary>
    public static MlflowFault Answer(int status, string contentType, string body) => new()
    {
        Status = status, ContentType = contentType, Body = body,
    };
}
