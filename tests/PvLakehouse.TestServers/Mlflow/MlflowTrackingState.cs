using System.Globalization;
using System.Text.Json.Nodes;

namespace PvLakehouse.TestServers.Mlflow;

/// <summary>Experiments and runs of the server, and their routes.</summary>
internal sealed class MlflowTrackingState(MlflowServerOptions options)
{
    private const string Proxy = "mlflow-artifacts:/";

    private readonly MlflowJsonWriter _json = new(options.IsOld);
    private readonly List<MlflowExperiment> _experiments = [];
    private readonly List<MlflowRun> _runs = [];
    private long _clock = 1_795_305_600_000;

    public MlflowArtifactState Artifacts { get; } = new(new MlflowJsonWriter(options.IsOld));

    public int RunCount => _runs.Count;

    public IEnumerable<KeyValuePair<string, MlflowRoute>> Routes()
    {
        yield return new("POST mlflow/experiments/create", MlflowRoute.Of("name:s! artifact_location:s tags:o*", CreateExperiment));
        yield return new("GET mlflow/experiments/get", MlflowRoute.Of(
            "experiment_id:s!", r => new() { ["experiment"] = Experiment(r).ToJson(_json) }));
        yield return new("GET mlflow/experiments/get-by-name", MlflowRoute.Of("experiment_name:s!", r => new()
        {
            ["experiment"] = (_experiments.Find(e => e.Name == Text(r, "experiment_name"))
                ?? throw MlflowException.Missing($"Could not find experiment with name '{Text(r, "experiment_name")}'")).ToJson(_json),
        }));
        yield return new("POST mlflow/experiments/search", MlflowRoute.Of(
            "max_results:i! page_token:s filter:s order_by:s* view_type:s", SearchExperiments));
        yield return new("POST mlflow/experiments/set-experiment-tag", MlflowRoute.Of(
            "experiment_id:s! key:s! value:s!", r => Change(ActiveExperiment(r), e => e.Tags[Text(r, "key")] = Text(r, "value"))));
        yield return new("POST mlflow/experiments/update", MlflowRoute.Of("experiment_id:s! new_name:s!", r =>
        {
            RefuseTaken(Text(r, "new_name"), Experiment(r));
            return Change(ActiveExperiment(r), e => e.Name = Text(r, "new_name"));
        }));
        yield return new("POST mlflow/experiments/delete", MlflowRoute.Of("experiment_id:s!", r => Move(Experiment(r), isDeleted: true)));
        yield return new("POST mlflow/experiments/restore", MlflowRoute.Of("experiment_id:s!", r => Move(Experiment(r), isDeleted: false)));
        yield return new("POST mlflow/runs/create", MlflowRoute.Of(
            "experiment_id:s! user_id:s run_name:s start_time:i! tags:o*", CreateRun));
        yield return new("GET mlflow/runs/get", MlflowRoute.Of("run_id:s!", r => new() { ["run"] = Run(Text(r, "run_id")).ToJson(_json) }));
        yield return new("POST mlflow/runs/update", MlflowRoute.Of("run_id:s! status:s end_time:i run_name:s", UpdateRun));
        yield return new("POST mlflow/runs/search", MlflowRoute.Of(
            "experiment_ids:s*! filter:s run_view_type:s max_results:i! order_by:s* page_token:s", SearchRuns));
        yield return new("POST mlflow/runs/delete", MlflowRoute.Of("run_id:s!", r => Done(Run(Text(r, "run_id")).IsDeleted = true)));
        yield return new("POST mlflow/runs/restore", MlflowRoute.Of("run_id:s!", r => Done(Run(Text(r, "run_id")).IsDeleted = false)));
        yield return new("POST mlflow/runs/log-batch", MlflowRoute.Of("run_id:s! metrics:o* params:o* tags:o*", LogBatch));
        yield return new("POST mlflow/runs/delete-tag", MlflowRoute.Of("run_id:s! key:s!", r =>
            ActiveRun(r).Tags.Remove(Text(r, "key")) ? [] : throw MlflowException.Missing($"No tag with name: {Text(r, "key")}")));
        yield return new("GET mlflow/metrics/get-history", MlflowRoute.Of("run_id:s! metric_key:s! max_results:i page_token:s", History));
        yield return new("GET mlflow/artifacts/list", MlflowRoute.Of("run_id:s! path:s page_token:s", ListArtifacts));
    }

    public MlflowRun Run(string id) => _runs.Find(r => r.Id == id) ?? throw MlflowException.Missing($"Run with id={id} not found");

    public long Now() => ++_clock;

    private JsonObject CreateExperiment(JsonObject request)
    {
        var name = Text(request, "name");
        RefuseTaken(name, except: null);
        var id = (_experiments.Count + 1).ToString(CultureInfo.InvariantCulture);
        var now = Now();
        _experiments.Add(new()
        {
            Id = id,
            Name = name,
            ArtifactLocation = (string?)request["artifact_location"]
                ?? (options.ArtifactRoot == "mlflow-artifacts:" ? $"{Proxy}{id}" : $"{options.ArtifactRoot}/{id}"),
            Created = now,
            Updated = now,
            Tags = MlflowJsonWriter.Read(request, "tags"),
        });
        return new() { ["experiment_id"] = id };
    }

    private JsonObject SearchExperiments(JsonObject request)
    {
        var (items, next) = MlflowFilter.Page(
            InView(_experiments, e => e.IsDeleted, (string?)request["view_type"]).OrderByDescending(e => e.Created),
            (e, kind, key) => e.Value(kind, key),
            (string?)request["filter"],
            MlflowJsonWriter.Texts(request, "order_by"),
            MlflowJsonWriter.Number(request["max_results"]!),
            (string?)request["page_token"]);
        var answer = new JsonObject();
        MlflowJsonWriter.Add(answer, "experiments", [.. items.Select(e => e.ToJson(_json))]);
        _json.AddToken(answer, next);
        return answer;
    }

    private JsonObject CreateRun(JsonObject request)
    {
        var experiment = ActiveExperiment(request);
        var id = Guid.NewGuid().ToString("N");
        var tags = MlflowJsonWriter.Read(request, "tags");
        tags["mlflow.runName"] = (string?)request["run_name"] is { Length: > 0 } name ? name : $"bold-owl-{_runs.Count}";
        var run = new MlflowRun
        {
            Id = id,
            Experiment = experiment,
            UserId = (string?)request["user_id"],
            Start = MlflowJsonWriter.Number(request["start_time"]!),
            Tags = tags,
        };
        _runs.Add(run);
        return new() { ["run"] = run.ToJson(_json) };
    }

    private JsonObject UpdateRun(JsonObject request)
    {
        var run = ActiveRun(request);
        if ((string?)request["status"] is { } status)
        {
            run.Status = status is "RUNNING" or "SCHEDULED" or "FINISHED" or "FAILED" or "KILLED"
                ? status : throw MlflowException.Invalid(status);
        }

        run.End = request["end_time"] is { } end ? MlflowJsonWriter.Number(end) : run.End;
        run.Tags["mlflow.runName"] = (string?)request["run_name"] ?? run.Tags["mlflow.runName"];
        return new() { ["run_info"] = run.InfoJson(_json) };
    }

    private JsonObject SearchRuns(JsonObject request)
    {
        var experiments = MlflowJsonWriter.Texts(request, "experiment_ids");
        var (items, next) = MlflowFilter.Page(
            InView(_runs, r => r.IsDeleted, (string?)request["run_view_type"])
                .Where(r => experiments.Contains(r.Experiment.Id, StringComparer.Ordinal))
                .OrderByDescending(r => r.Start).ThenBy(r => r.Id, StringComparer.Ordinal),
            (r, kind, key) => r.Value(kind, key),
            (string?)request["filter"],
            MlflowJsonWriter.Texts(request, "order_by"),
            MlflowJsonWriter.Number(request["max_results"]!),
            (string?)request["page_token"]);
        var answer = new JsonObject();
        MlflowJsonWriter.Add(answer, "runs", [.. items.Select(r => r.ToJson(_json))]);
        _json.AddToken(answer, next);
        return answer;
    }

    private JsonObject LogBatch(JsonObject request)
    {
        var run = ActiveRun(request);
        var metrics = (request["metrics"]?.AsArray() ?? []).Select(m => m!.AsObject()).ToList();
        var (parameters, tags) = (MlflowJsonWriter.Read(request, "params"), MlflowJsonWriter.Read(request, "tags"));
        if (metrics.Count > 1000 || parameters.Count > 100 || tags.Count > 100 || metrics.Count + parameters.Count + tags.Count > 1000
            || request.ToJsonString().Length > 1_000_000)
        {
            throw MlflowException.Invalid("A batch logging request can contain at most 1000 metrics, 100 params, 100 tags, and 1 MB");
        }

        foreach (var (key, value) in parameters)
        {
            if (run.Params.TryGetValue(key, out var before) && before != value)
            {
                throw MlflowException.Invalid($"Changing param values is not allowed. Param with key='{key}' was already logged with "
                    + $"value='{before}'");
            }
        }

        foreach (var key in metrics.Select(m => (string)m["key"]!).Concat(parameters.Keys).Concat(tags.Keys))
        {
            if (!key.All(c => char.IsLetterOrDigit(c) || "_-. /".Contains(c, StringComparison.Ordinal) || (c == ':' && !options.IsOld)))
            {
                throw MlflowException.Invalid($"Invalid name: '{key}'");
            }
        }

        foreach (var metric in metrics)
        {
            Add(run, metric);
        }

        Merge(run.Params, parameters);
        Merge(run.Tags, tags);
        return [];
    }

    private static void Add(MlflowRun run, JsonObject metric)
    {
        if (metric.Any(f => f.Key is not ("key" or "value" or "timestamp" or "step")))
        {
            throw MlflowException.Invalid($"Unknown field in metrics: {metric.ToJsonString()}");
        }

        var value = metric["value"]!.AsValue().TryGetValue<double>(out var number) ? number : metric["value"]!.GetValue<string>() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            var text => throw MlflowException.Invalid($"Invalid value '{text}'"),
        };
        var added = new MlflowMetric(
            (string)metric["key"]!, value, MlflowJsonWriter.Number(metric["timestamp"]!), MlflowJsonWriter.Number(metric["step"]!));
        if (!run.Metrics.Contains(added))
        {
            run.Metrics.Add(added);
        }
    }

    private JsonObject History(JsonObject request)
    {
        var all = Run(Text(request, "run_id")).Metrics.Where(m => m.Key == Text(request, "metric_key")).Reverse();
        var max = request["max_results"] is { } most ? MlflowJsonWriter.Number(most) : long.MaxValue / 2;

        // Pages smaller than asked for, as servers may give, so that clients follow the tokens.
        var (items, next) = MlflowFilter.Page(all, (_, _, _) => null, null, [], Math.Min(max, 1000), (string?)request["page_token"]);
        var answer = new JsonObject();
        MlflowJsonWriter.Add(answer, "metrics", [.. items.Select(m => m.ToJson(_json))]);
        _json.AddToken(answer, next);
        return answer;
    }

    private JsonObject ListArtifacts(JsonObject request)
    {
        var root = Run(Text(request, "run_id")).ArtifactUri;
        var path = (string?)request["path"];
        var answer = new JsonObject { ["root_uri"] = root };
        if (root.StartsWith(Proxy, StringComparison.Ordinal))
        {
            var folder = root[Proxy.Length..] + (path is null ? "" : $"/{path}");
            MlflowJsonWriter.Add(answer, "files", Artifacts.List(folder, name => path is null ? name : $"{path}/{name}"));
        }
        else if (Directory.Exists(Path.Combine(root, path ?? "")))
        {
            var found = new DirectoryInfo(Path.Combine(root, path ?? "")).EnumerateFileSystemInfos();
            MlflowJsonWriter.Add(answer, "files", [.. found.Select(f => new JsonObject
            {
                ["path"] = path is null ? f.Name : $"{path}/{f.Name}", ["is_dir"] = f is DirectoryInfo,
            })]);
        }

        return answer;
    }

    private MlflowExperiment Experiment(JsonObject request) => _experiments.Find(e => e.Id == Text(request, "experiment_id"))
        ?? throw MlflowException.Missing($"No Experiment with id={Text(request, "experiment_id")} exists");

    private MlflowExperiment ActiveExperiment(JsonObject request) => Experiment(request) is { IsDeleted: false } experiment
        ? experiment
        : throw MlflowException.Invalid($"The experiment {Text(request, "experiment_id")} must be in the 'active' state. Current state "
            + "is deleted.");

    private MlflowRun ActiveRun(JsonObject request) => Run(Text(request, "run_id")) is { IsDeleted: false } run
        ? run
        : throw MlflowException.Invalid($"The run {Text(request, "run_id")} must be in the 'active' state. Current state is deleted.");

    private JsonObject Change(MlflowExperiment experiment, Action<MlflowExperiment> change)
    {
        change(experiment);
        experiment.Updated = Now();
        return [];
    }

    private JsonObject Move(MlflowExperiment experiment, bool isDeleted)
    {
        if (isDeleted && experiment.IsDeleted)
        {
            throw MlflowException.Missing($"No Experiment with id={experiment.Id} exists");
        }

        _runs.FindAll(r => r.Experiment == experiment).ForEach(r => r.IsDeleted = isDeleted);
        return Change(experiment, e => e.IsDeleted = isDeleted);
    }

    private void RefuseTaken(string name, MlflowExperiment? except)
    {
        if (_experiments.Find(e => e.Name == name && e != except) is { } taken)
        {
            throw MlflowException.Exists(taken.IsDeleted
                ? $"Experiment '{name}' already exists in deleted state."
                : $"Experiment(name={name}) already exists.");
        }
    }

    private static IEnumerable<T> InView<T>(IEnumerable<T> items, Func<T, bool> isDeleted, string? view) => view switch
    {
        null or "ACTIVE_ONLY" => items.Where(i => !isDeleted(i)),
        "DELETED_ONLY" => items.Where(isDeleted),
        "ALL" => items,
        _ => throw MlflowException.Invalid($"Invalid view type '{view}'"),
    };

    private static void Merge(Dictionary<string, string> target, Dictionary<string, string> source)
    {
        foreach (var (key, value) in source)
        {
            target[key] = value;
        }
    }

    private static JsonObject Done(bool _) => [];

    private static string Text(JsonObject request, string name) => request[name]!.GetValue<string>();
}
