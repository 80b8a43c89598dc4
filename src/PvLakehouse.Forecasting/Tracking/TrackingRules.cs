namespace PvLakehouse.Forecasting.Tracking;

/// <summary>What names, keys and texts may be, by the rules of MLflow; both implementations check them before they do anything.</summary>
/// <remarks>Source: <c>mlflow/utils/validation.py</c> of MLflow 2.4 to 3. Every method throws <see cref="TrackingException"/> with
/// <see cref="TrackingFault.InvalidParameterValue"/>.</remarks>
public static class TrackingRules
{
    /// <summary>Longest key of a metric, parameter or tag [characters].</summary>
    public const int LongestKey = 250;

    /// <summary>Longest value of a parameter [characters].</summary>
    public const int LongestParam = 6000;

    /// <summary>Longest value of a tag [characters].</summary>
    public const int LongestTag = 5000;

    /// <summary>Longest alias or name of a model [characters].</summary>
    public const int LongestModelName = 255;

    /// <summary>Longest name of an experiment [characters].</summary>
    public const int LongestExperimentName = 500;

    /// <summary>Checks all of a batch.</summary>
    public static void Check(RunBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (var metric in batch.Metrics)
        {
            CheckKey("metric", metric.Key);
        }

        foreach (var (key, value) in batch.Params)
        {
            CheckKey("parameter", key);
            CheckLength($"parameter '{key}'", value, LongestParam);
        }

        CheckTags(batch.Tags);
    }

    /// <summary>Checks tags.</summary>
    public static void CheckTags(IReadOnlyDictionary<string, string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        foreach (var (key, value) in tags)
        {
            CheckTag(key, value);
        }
    }

    /// <summary>Checks a tag.</summary>
    public static void CheckTag(string key, string value)
    {
        CheckKey("tag", key);
        CheckLength($"tag '{key}'", value, LongestTag);
    }

    /// <summary>Checks a key: letters, digits, underscores, dashes, dots, spaces, slashes and colons, and no path that leads
    /// elsewhere.</summary>
    /// <param name="what">What has the key, in messages: metric, parameter, tag.</param>
    /// <param name="key">The key.</param>
    public static void CheckKey(string what, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!key.All(c => IsWord(c) || c is '-' or '.' or ' ' or '/' or ':'))
        {
            throw Invalid($"The {what} key '{key}' has characters other than letters, digits, underscores, dashes, dots, spaces, slashes "
                + "and colons.");
        }

        if (key.Length > LongestKey)
        {
            throw Invalid($"The {what} key '{key[..40]}...' has {key.Length} characters; at most {LongestKey} are allowed.");
        }

        // File stores of MLflow make file names of keys.
        if (!IsPlainPath(key))
        {
            throw Invalid($"The {what} key '{key}' would name another file than it says (a '.', '..' or empty part between slashes).");
        }
    }

    /// <summary>Checks the name of an experiment.</summary>
    public static void CheckExperimentName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0)
        {
            throw Invalid("The name of an experiment is empty.");
        }

        CheckLength("name of an experiment", name, LongestExperimentName);
    }

    /// <summary>Checks the name of a registered model: not empty, without slashes and colons, which model URIs use.</summary>
    public static void CheckModelName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (string.IsNullOrWhiteSpace(name) || name.AsSpan().IndexOfAny('/', ':') >= 0)
        {
            throw Invalid($"'{name}' cannot name a model; expected a text without slashes and colons.");
        }

        CheckLength("name of a model", name, LongestModelName);
    }

    /// <summary>Checks an alias: letters, digits, underscores and dashes; not <c>latest</c>, and nothing like <c>v12</c>.</summary>
    public static void CheckAlias(string alias)
    {
        ArgumentNullException.ThrowIfNull(alias);
        if (alias.Length is 0 or > LongestModelName || !alias.All(c => IsWord(c) || c == '-'))
        {
            throw Invalid($"'{alias}' cannot be an alias; expected at most {LongestModelName} letters, digits, underscores and dashes.");
        }

        if (IsReserved(alias))
        {
            throw Invalid($"'{alias}' cannot be an alias: 'latest' and names such as 'v12' are reserved for versions.");
        }
    }

    /// <summary>Checks the path of an artifact: relative, with slashes, without empty parts, <c>.</c> and <c>..</c>.</summary>
    public static void CheckArtifactPath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0 || !IsPlainPath(path) || path.AsSpan().IndexOfAny(NotInPaths) >= 0 || path.Any(char.IsControl))
        {
            throw Invalid($"'{path}' is no path of an artifact; expected a relative one such as 'model/MLmodel', without '..', '\\', "
                + "'#', '?', '%' and ':'.");
        }
    }

    internal static TrackingException Invalid(string message, Exception? inner = null) =>
        new(TrackingFault.InvalidParameterValue, message, inner);

    private static readonly System.Buffers.SearchValues<char> NotInPaths = System.Buffers.SearchValues.Create("\\#?%:");

    private static bool IsPlainPath(string path) => !path.Split('/').Any(part => part is "" or "." or "..");

    private static void CheckLength(string what, string value, int longest)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length > longest)
        {
            throw Invalid($"The {what} has {value.Length} characters; at most {longest} are allowed.");
        }
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static bool IsReserved(string alias) =>
        alias.Equals("latest", StringComparison.OrdinalIgnoreCase)
        || (alias.Length > 1 && alias[0] is ('v' or 'V') && alias.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0);
}
