using System.Text.Json.Nodes;

namespace PvLakehouse.TestServers.Mlflow;

/// <summary>An experiment in memory.</summary>
internal sealed class MlflowExperiment
{
    public required string Id { get; init; }

    public required string Name { get; set; }

    public required string ArtifactLocation { get; init; }

    public required long Created { get; init; }

    public long Updated { get; set; }

    public bool IsDeleted { get; set; }

    public Dictionary<string, string> Tags { get; init; } = new(StringComparer.Ordinal);

    public JsonObject ToJson(MlflowJsonWriter json)
    {
        var answer = new JsonObject
        {
            ["experiment_id"] = Id,
            ["name"] = Name,
            ["artifact_location"] = ArtifactLocation,
            ["lifecycle_stage"] = IsDeleted ? "deleted" : "active",
            ["creation_time"] = json.Long(Created),
            ["last_update_time"] = json.Long(Updated),
        };
        MlflowJsonWriter.Add(answer, "tags", MlflowJsonWriter.Pairs(Tags));
        return answer;
    }

    public object? Value(string kind, string key) => (kind, key) switch
    {
        ("tags", _) => Tags.GetValueOrDefault(key),
        ("", "name") => Name,
        ("", "creation_time") => Created,
        ("", "last_update_time") => Updated,
        _ => throw MlflowException.Invalid($"Invalid attribute key '{key}'"),
    };
}

/// <summary>One value of a metric.</summary>
internal sealed record MlflowMetric(string Key, double Value, long Timestamp, long Step)
{
    public JsonObject ToJson(MlflowJsonWriter json) => new()
    {
        ["key"] = Key, ["value"] = MlflowJsonWriter.Double(Value), ["timestamp"] = json.Long(Timestamp), ["step"] = json.Long(Step),
    };
}

/// <summary>A run in memory.</summary>
internal sealed class MlflowRun
{
    public required string Id { get; init; }

    public required MlflowExperiment Experiment { get; init; }

    public required string? UserId { get; init; }

    public required long Start { get; init; }

    public long? End { get; set; }

    public string Status { get; set; } = "RUNNING";

    public bool IsDeleted { get; set; }

    public List<MlflowMetric> Metrics { get; } = [];

    public Dictionary<string, string> Params { get; } = new(StringComparer.Ordinal);

    public required Dictionary<string, string> Tags { get; init; }

    public string ArtifactUri => $"{Experiment.ArtifactLocation}/{Id}/artifacts";

    /// <summary>By key the value of the highest step, then of the latest instant, then the largest.</summary>
    public IEnumerable<MlflowMetric> Latest() => Metrics
        .GroupBy(m => m.Key, StringComparer.Ordinal)
        .Select(g => g.OrderBy(m => m.Step).ThenBy(m => m.Timestamp).ThenBy(m => m.Value).Last());

    public JsonObject InfoJson(MlflowJsonWriter json)
    {
        var info = new JsonObject
        {
            ["run_id"] = Id,
            ["run_uuid"] = Id,
            ["run_name"] = Tags["mlflow.runName"],
            ["experiment_id"] = Experiment.Id,
            ["status"] = Status,
            ["start_time"] = json.Long(Start),
            ["artifact_uri"] = ArtifactUri,
            ["lifecycle_stage"] = IsDeleted ? "deleted" : "active",
        };
        if (UserId is not null)
        {
            info["user_id"] = UserId;
        }

        if (End is { } end)
        {
            info["end_time"] = json.Long(end);
        }

        return info;
    }

    public JsonObject ToJson(MlflowJsonWriter json)
    {
        var data = new JsonObject();
        MlflowJsonWriter.Add(data, "metrics", [.. Latest().Select(m => m.ToJson(json))]);
        MlflowJsonWriter.Add(data, "params", MlflowJsonWriter.Pairs(Params));
        MlflowJsonWriter.Add(data, "tags", MlflowJsonWriter.Pairs(Tags));
        return new JsonObject { ["info"] = InfoJson(json), ["data"] = data, ["inputs"] = new JsonObject() };
    }

    public object? Value(string kind, string key) => (kind, key) switch
    {
        ("metrics", _) => Latest().FirstOrDefault(m => m.Key == key)?.Value,
        ("params", _) => Params.GetValueOrDefault(key),
        ("tags", _) => Tags.GetValueOrDefault(key),
        ("", "run_id") => Id,
        ("", "run_name") => Tags["mlflow.runName"],
        ("", "status") => Status,
        ("", "user_id") => UserId,
        ("", "start_time") => Start,
        ("", "end_time") => End,
        _ => throw MlflowException.Invalid($"Invalid attribute key '{key}'"),
    };
}
