namespace PvLakehouse.Forecasting.Tracking.Mlflow;

/// <summary>Makes things on the server once, though answers get lost.</summary>
/// <remarks>
/// The server chooses ids of runs and numbers of versions, so a creation that is sent again makes a second one. Each therefore carries a
/// tag with a random value (<see cref="Tag"/>); when its answer is lost, we look for that value first and send again only when nothing has
/// it. A server that works on the first request after we looked could still make two; it must then have been silent for longer than the
/// time limit.
/// </remarks>
internal static class MlflowCreation
{
    /// <summary>The tag that tells whose request made a thing.</summary>
    public const string Tag = "pvlake.request";

    /// <summary>A value that nothing has yet.</summary>
    public static string NewMark() => Guid.NewGuid().ToString("N");

    /// <summary>The tags, and the mark among them.</summary>
    public static Dictionary<string, string> Marked(IEnumerable<KeyValuePair<string, string>> tags, string mark) =>
        new(tags, StringComparer.Ordinal) { [Tag] = mark };

    /// <summary>Makes a thing.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="create">Asks for it.</param>
    /// <param name="find">Looks for it; null when it is not there.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<T> OnceAsync<T>(
        MlflowConnection connection,
        Func<CancellationToken, Task<T>> create,
        Func<CancellationToken, Task<T?>> find,
        CancellationToken cancellationToken)
        where T : class
    {
        var delay = connection.Options.RetryDelay;
        for (var left = connection.Options.RetryCount; ; left--)
        {
            try
            {
                return await create(cancellationToken);
            }
            catch (TrackingException e) when (left > 0 && e.Fault == TrackingFault.TemporarilyUnavailable)
            {
                await Task.Delay(delay, connection.Time, cancellationToken);
                delay = delay * 2 < connection.Options.LongestRetryWait ? delay * 2 : connection.Options.LongestRetryWait;
                if (await find(cancellationToken) is { } made)
                {
                    return made;
                }
            }
            catch (TrackingException e) when (left < connection.Options.RetryCount && e.Fault == TrackingFault.ResourceAlreadyExists)
            {
                // The first request was still under way when we looked.
                return await find(cancellationToken) ?? throw new TrackingException(e.Fault, e.Message, e);
            }
        }
    }
}
