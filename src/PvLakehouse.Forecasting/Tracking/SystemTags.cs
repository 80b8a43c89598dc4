namespace PvLakehouse.Forecasting.Tracking;

/// <summary>Tags that MLflow's own programs read and write.</summary>
public static class SystemTags
{
    /// <summary>The run's name.</summary>
    public const string RunName = "mlflow.runName";

    /// <summary>Who started the run.</summary>
    public const string User = "mlflow.user";

    /// <summary>The program that made the run.</summary>
    public const string SourceName = "mlflow.source.name";

    /// <summary>What kind of program it was: NOTEBOOK, JOB, LOCAL or PROJECT.</summary>
    public const string SourceType = "mlflow.source.type";

    /// <summary>Id of the run that this one is a part of.</summary>
    public const string ParentRunId = "mlflow.parentRunId";

    /// <summary>Description in Markdown, of runs and experiments.</summary>
    public const string Note = "mlflow.note.content";

    /// <summary>The tags of a new run: those given, and who and what made it.</summary>
    internal static Dictionary<string, string> Of(NewRun run)
    {
        var tags = new Dictionary<string, string>(run.Tags, StringComparer.Ordinal);
        tags.TryAdd(User, UserOf(run));
        tags.TryAdd(SourceType, "JOB");
        tags.TryAdd(SourceName, "pvlake");
        return tags;
    }

    internal static string UserOf(NewRun run) => run.UserId ?? Environment.UserName;
}
