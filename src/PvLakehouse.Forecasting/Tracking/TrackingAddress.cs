namespace PvLakehouse.Forecasting.Tracking;

/// <summary>Where runs are tracked: in the lake itself, or by an MLflow server.</summary>
/// <param name="Server">Address of the server without user and password; null: in the lake.</param>
public sealed record TrackingAddress(Uri? Server)
{
    /// <summary>The environment variable that names the server, as for MLflow's own clients.</summary>
    public const string Variable = "MLFLOW_TRACKING_URI";

    /// <summary>In the lake itself.</summary>
    public static TrackingAddress Embedded { get; } = new((Uri?)null);

    /// <summary>Reads the address: what was given, else the environment's, else the lake itself.</summary>
    /// <param name="given">Value of <c>--tracking</c>; null when it was not given.</param>
    /// <param name="environment">Reads an environment variable; null when it is not set.</param>
    /// <exception cref="TrackingException">It is no http(s) address, or it holds a password.</exception>
    public static TrackingAddress Resolve(string? given, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var fromEnvironment = string.IsNullOrWhiteSpace(given);
        var text = fromEnvironment ? environment(Variable)?.Trim() : given!.Trim();
        return string.IsNullOrEmpty(text) ? Embedded : Parse(text, fromEnvironment ? Variable : "--tracking");
    }

    private static TrackingAddress Parse(string text, string origin)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new TrackingException(TrackingFault.NotSetUp, $"{origin} is {Shown(text)}, {WhyNot(text)}");
        }

        if (uri.UserInfo.Length > 0)
        {
            throw new TrackingException(
                TrackingFault.NotSetUp,
                $"{origin} holds a user or password; set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN.");
        }

        return uri.Query.Length + uri.Fragment.Length == 0
            ? new TrackingAddress(uri)
            : throw new TrackingException(TrackingFault.NotSetUp, $"{origin} is '{text}'; expected an address without '?' and '#'.");
    }

    /// <summary>The text, unless it may hold a password.</summary>
    private static string Shown(string text) => text.Contains('@', StringComparison.Ordinal) ? $"'{text.Split(':')[0]}:...'" : $"'{text}'";

    private static string WhyNot(string text) => text.Split(':')[0].ToUpperInvariant() switch
    {
        "SQLITE" or "POSTGRESQL" or "MYSQL" or "MSSQL" =>
            "a database of MLflow, which only MLflow of the same version may write; start 'mlflow server' on it and give its http:// "
            + "address.",
        "FILE" =>
            "a folder of MLflow's file store, which MLflow 3.13 and newer refuse to read; start 'mlflow server' and give its http:// "
            + "address, or give none to track in the lake.",
        "DATABRICKS" or "DATABRICKS-UC" =>
            "which needs Databricks' own client; expected the http:// or https:// address of an MLflow server.",
        _ => "no address of an MLflow server; expected http://host:port or https://host, or none to track in the lake.",
    };
}
