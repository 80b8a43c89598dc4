namespace PvLakehouse.Forecasting.Tracking.Mlflow;

/// <summary>What a request does when it arrives twice.</summary>
internal enum MlflowCall
{
    /// <summary>The same as once: reading, setting, logging (the server keeps equal metrics once).</summary>
    Repeatable,

    /// <summary>The second finds nothing, which then counts as done.</summary>
    Deletion,

    /// <summary>
    /// Makes something new each time: sent again only when the server certainly did not see it. See <see cref="MlflowCreation"/> for the
    /// rest.
    /// </summary>
    Creation,
}

/// <summary>Facts of a request that the handlers below it need.</summary>
internal static class MlflowRequest
{
    public static readonly HttpRequestOptionsKey<MlflowCall> Call = new("pvlake.call");

    /// <summary>Whether its body or answer is an artifact.</summary>
    public static readonly HttpRequestOptionsKey<bool> IsTransfer = new("pvlake.transfer");

    /// <summary>Whether it was sent more than once.</summary>
    public static readonly HttpRequestOptionsKey<bool> WasRepeated = new("pvlake.repeated");

    public static T Get<T>(this HttpRequestMessage request, HttpRequestOptionsKey<T> key)
        where T : struct => request.Options.TryGetValue(key, out var value) ? value : default;
}
