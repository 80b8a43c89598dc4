using System.Globalization;
using System.Text.Json.Nodes;

namespace PvLakehouse.TestServers.Mlflow;

/// <summary>A registered model in memory.</summary>
internal sealed class MlflowModel
{
    public required string Name { get; set; }

    public required long Created { get; init; }

    public long Updated { get; set; }

    public string? Description { get; set; }

    public required Dictionary<string, string> Tags { get; init; }

    public Dictionary<string, int> Aliases { get; } = new(StringComparer.Ordinal);

    public List<MlflowVersion> Versions { get; } = [];

    public int LastVersion { get; set; }

    public JsonObject ToJson(MlflowJsonWriter json)
    {
        var answer = new JsonObject
        {
            ["name"] = Name,
            ["creation_timestamp"] = json.Long(Created),
            ["last_updated_timestamp"] = json.Long(Updated),
        };
        if (Description is not null)
        {
            answer["description"] = Description;
        }

        MlflowJsonWriter.Add(answer, "tags", MlflowJsonWriter.Pairs(Tags));
        MlflowJsonWriter.Add(answer, "aliases", [.. Aliases.Select(a => new JsonObject
        {
            ["alias"] = a.Key, ["version"] = a.Value.ToString(CultureInfo.InvariantCulture),
        })]);
        return answer;
    }

    public object? Value(string kind, string key) => (kind, key) switch
    {
        ("tags", _) => Tags.GetValueOrDefault(key),
        ("", "name") => Name,
        ("", "last_updated_timestamp") => Updated,
        _ => throw MlflowException.Invalid($"Invalid attribute name: {key}"),
    };
}

/// <summary>A version in memory.</summary>
internal sealed class MlflowVersion
{
    public required MlflowModel Model { get; init; }

    public required int Number { get; init; }

    public required long Created { get; init; }

    public long Updated { get; set; }

    public string? Description { get; set; }

    public string Stage { get; set; } = "None";

    public required string Source { get; init; }

    public required string? RunId { get; init; }

    public required Dictionary<string, string> Tags { get; init; }

    public JsonObject ToJson(MlflowJsonWriter json, bool isOld)
    {
        var answer = new JsonObject
        {
            ["name"] = Model.Name,
            ["version"] = Number.ToString(CultureInfo.InvariantCulture),
            ["creation_timestamp"] = json.Long(Created),
            ["last_updated_timestamp"] = json.Long(Updated),
            ["current_stage"] = Stage,
            ["source"] = Source,
            ["status"] = "READY",
            ["run_link"] = "",
        };
        if (Description is not null || isOld)
        {
            answer["description"] = Description ?? "";
        }

        if (RunId is not null)
        {
            answer["run_id"] = RunId;
        }

        if (!isOld)
        {
            answer["model_params"] = new JsonArray();
            answer["deployment_job_state"] = new JsonObject { ["job_id"] = "" };
        }

        MlflowJsonWriter.Add(answer, "tags", MlflowJsonWriter.Pairs(Tags));
        MlflowJsonWriter.Add(answer, "aliases", [.. Model.Aliases.Where(a => a.Value == Number).Select(a => JsonValue.Create(a.Key))]);
        return answer;
    }

    public object? Value(string kind, string key) => (kind, key) switch
    {
        ("tags", _) => Tags.GetValueOrDefault(key),
        ("", "name") => Model.Name,
        ("", "run_id") => RunId,
        ("", "source_path") => Source,
        ("", "version_number") => Number,
        ("", "creation_timestamp") => Created,
        ("", "last_updated_timestamp") => Updated,
        _ => throw MlflowException.Invalid($"Invalid attribute name: {key}"),
    };
}
