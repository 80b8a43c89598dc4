using System.Net.Http.Headers;
using System.Text;

namespace PvLakehouse.Forecasting.Tracking.Mlflow;

/// <summary>Who asks an MLflow server: nobody, a user with a password, or the bearer of a token. It prints as three stars.</summary>
public sealed class MlflowCredentials
{
    private MlflowCredentials(AuthenticationHeaderValue? header) => Header = header;

    /// <summary>Nobody in particular.</summary>
    public static MlflowCredentials None { get; } = new(null);

    /// <summary>What requests carry.</summary>
    internal AuthenticationHeaderValue? Header { get; }

    /// <summary>A user with a password, as the server's basic-auth app wants.</summary>
    public static MlflowCredentials Basic(string user, string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        ArgumentNullException.ThrowIfNull(password);
        return new(new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))));
    }

    /// <summary>The bearer of a token.</summary>
    public static MlflowCredentials Bearer(string token)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(token);
        return new(new AuthenticationHeaderValue("Bearer", token.Trim()));
    }

    /// <summary>Reads MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, else MLFLOW_TRACKING_TOKEN, as MLflow's own clients
    /// do.</summary>
    /// <param name="environment">Reads an environment variable; null when it is not set.</param>
    /// <exception cref="TrackingException">Only one of user and password is set.</exception>
    public static MlflowCredentials FromEnvironment(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var (user, password) = (environment("MLFLOW_TRACKING_USERNAME"), environment("MLFLOW_TRACKING_PASSWORD"));
        if (string.IsNullOrEmpty(user) != string.IsNullOrEmpty(password))
        {
            throw new TrackingException(
                TrackingFault.NotSetUp, "Of MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD only one is set; expected both or none.");
        }

        return !string.IsNullOrEmpty(user) ? Basic(user, password!)
            : environment("MLFLOW_TRACKING_TOKEN") is { Length: > 0 } token ? Bearer(token)
            : None;
    }

    /// <summary>Always "***".</summary>
    public override string ToString() => "***";
}
