using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PvLakehouse.TestServers.Mlflow;

/// <summary>Registered models and versions of the server, and their routes.</summary>
internal sealed class MlflowRegistryState(MlflowServerOptions options, MlflowTrackingState tracking)
{
    private const string Models = "mlflow/registered-models";
    private const string Versions = "mlflow/model-versions";

    private readonly MlflowJsonWriter _json = new(options.IsOld);
    private readonly List<MlflowModel> _models = [];

    public IEnumerable<KeyValuePair<string, MlflowRoute>> Routes()
    {
        yield return new($"POST {Models}/create", MlflowRoute.Of("name:s! tags:o* description:s", CreateModel));
        yield return new($"GET {Models}/get", MlflowRoute.Of("name:s!", r => Answer(Model(r))));
        yield return new($"GET {Models}/search", MlflowRoute.Of("filter:s max_results:i order_by:s* page_token:s", SearchModels));
        yield return new($"PATCH {Models}/update", MlflowRoute.Of(
            "name:s! description:s", r => Change(Model(r), m => m.Description = (string?)r["description"])));
        yield return new($"POST {Models}/rename", MlflowRoute.Of("name:s! new_name:s!", r =>
        {
            var model = Model(r);
            RefuseTaken(Text(r, "new_name"), model);
            return Change(model, m => m.Name = Text(r, "new_name"));
        }));
        yield return new($"DELETE {Models}/delete", MlflowRoute.Of("name:s!", r => Done(_models.Remove(Model(r)))));
        yield return new($"POST {Models}/set-tag", MlflowRoute.Of(
            "name:s! key:s! value:s!", r => Done(Model(r).Tags[Text(r, "key")] = Text(r, "value"))));
        yield return new($"DELETE {Models}/delete-tag", MlflowRoute.Of("name:s! key:s!", r => Done(Model(r).Tags.Remove(Text(r, "key")))));
        yield return new($"POST {Models}/alias", MlflowRoute.Of("name:s! alias:s! version:s!", SetAlias));
        yield return new(
            $"DELETE {Models}/alias", MlflowRoute.Of("name:s! alias:s!", r => Done(Model(r).Aliases.Remove(Text(r, "alias")))));
        yield return new($"GET {Models}/alias", MlflowRoute.Of("name:s! alias:s!", r => Answer(Model(r) is var model
            && model.Aliases.TryGetValue(Text(r, "alias"), out var number)
                ? model.Versions.Single(v => v.Number == number)
                : throw MlflowException.Invalid($"Registered model alias {Text(r, "alias")} not found."))));
        yield return new($"POST {Versions}/create", MlflowRoute.Of("name:s! source:s! run_id:s tags:o* description:s", CreateVersion));
        yield return new($"GET {Versions}/get", MlflowRoute.Of("name:s! version:s!", r => Answer(Version(r))));
        yield return new($"GET {Versions}/search", MlflowRoute.Of("filter:s max_results:i order_by:s* page_token:s", SearchVersions));
        yield return new($"PATCH {Versions}/update", MlflowRoute.Of(
            "name:s! version:s! description:s", r => Change(Version(r), v => v.Description = (string?)r["description"])));
        yield return new($"DELETE {Versions}/delete", MlflowRoute.Of("name:s! version:s!", DeleteVersion));
        yield return new($"POST {Versions}/set-tag", MlflowRoute.Of(
            "name:s! version:s! key:s! value:s!", r => Done(Version(r).Tags[Text(r, "key")] = Text(r, "value"))));
        yield return new($"DELETE {Versions}/delete-tag", MlflowRoute.Of(
            "name:s! version:s! key:s!", r => Done(Version(r).Tags.Remove(Text(r, "key")))));
        yield return new($"POST {Versions}/transition-stage", MlflowRoute.Of(
            "name:s! version:s! stage:s! archive_existing_versions:b!", Transition));
        yield return new($"GET {Versions}/get-download-uri", MlflowRoute.Of(
            "name:s! version:s!", r => new() { ["artifact_uri"] = Version(r).Source }));
    }

    private JsonObject CreateModel(JsonObject request)
    {
        var name = Text(request, "name");
        RefuseTaken(name, except: null);
        var now = tracking.Now();
        var model = new MlflowModel
        {
            Name = name,
            Created = now,
            Updated = now,
            Description = (string?)request["description"],
            Tags = MlflowJsonWriter.Read(request, "tags"),
        };
        _models.Add(model);
        return Answer(model);
    }

    private JsonObject SearchModels(JsonObject request)
    {
        var (items, next) = MlflowFilter.Page(
            _models.OrderBy(m => m.Name, StringComparer.Ordinal),
            (m, kind, key) => m.Value(kind, key),
            (string?)request["filter"],
            MlflowJsonWriter.Texts(request, "order_by"),
            MaxOf(request, most: 1000),
            (string?)request["page_token"]);
        var answer = new JsonObject();
        MlflowJsonWriter.Add(answer, "registered_models", [.. items.Select(m => m.ToJson(_json))]);
        _json.AddToken(answer, next);
        return answer;
    }

    private JsonObject SetAlias(JsonObject request)
    {
        var (alias, version) = (Text(request, "alias"), Version(request));
        if (Regex.IsMatch(alias, @"^(latest|v\d+)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)))
        {
            throw MlflowException.Invalid($"'{alias}' alias name is reserved.");
        }

        version.Model.Aliases[alias] = version.Number;
        return [];
    }

    private JsonObject CreateVersion(JsonObject request)
    {
        var model = Model(request);
        var source = Text(request, "source");
        if (source.StartsWith('/') && !(request["run_id"] is { } run && source.StartsWith(
            tracking.Run((string)run!).ArtifactUri, StringComparison.Ordinal)))
        {
            throw MlflowException.Invalid($"Invalid model version source: '{source}'. Local sources must be below the run's artifacts.");
        }

        var now = tracking.Now();
        var version = new MlflowVersion
        {
            Model = model,
            Number = ++model.LastVersion,
            Created = now,
            Updated = now,
            Description = (string?)request["description"],
            Source = source,
            RunId = (string?)request["run_id"],
            Tags = MlflowJsonWriter.Read(request, "tags"),
        };
        model.Versions.Add(version);
        model.Updated = now;
        return Answer(version);
    }

    private JsonObject SearchVersions(JsonObject request)
    {
        var (items, next) = MlflowFilter.Page(
            _models.SelectMany(m => m.Versions).OrderByDescending(v => v.Updated),
            (v, kind, key) => v.Value(kind, key),
            (string?)request["filter"],
            MlflowJsonWriter.Texts(request, "order_by"),
            MaxOf(request, most: 200_000),
            (string?)request["page_token"]);
        var answer = new JsonObject();
        MlflowJsonWriter.Add(answer, "model_versions", [.. items.Select(v => v.ToJson(_json, options.IsOld))]);
        _json.AddToken(answer, next);
        return answer;
    }

    private JsonObject DeleteVersion(JsonObject request)
    {
        var version = Version(request);
        version.Model.Versions.Remove(version);
        foreach (var alias in version.Model.Aliases.Where(a => a.Value == version.Number).Select(a => a.Key).ToList())
        {
            version.Model.Aliases.Remove(alias);
        }

        return [];
    }

    private JsonObject Transition(JsonObject request)
    {
        var (version, stage, archives) = (Version(request), Text(request, "stage"), (bool)request["archive_existing_versions"]!);
        if (stage is not ("None" or "Staging" or "Production" or "Archived") || (archives && stage is "None" or "Archived"))
        {
            throw MlflowException.Invalid($"Invalid Model Version stage: {stage}.");
        }

        foreach (var other in version.Model.Versions.Where(v => archives && v != version && v.Stage == stage))
        {
            other.Stage = "Archived";
        }

        return Change(version, v => v.Stage = stage);
    }

    private MlflowModel Model(JsonObject request) => _models.Find(m => m.Name == Text(request, "name"))
        ?? throw MlflowException.Missing($"Registered Model with name={Text(request, "name")} not found");

    private MlflowVersion Version(JsonObject request) =>
        Model(request).Versions.Find(v => v.Number.ToString(CultureInfo.InvariantCulture) == Text(request, "version"))
        ?? throw MlflowException.Missing($"Model Version (name={Text(request, "name")}, version={Text(request, "version")}) not found");

    private void RefuseTaken(string name, MlflowModel? except)
    {
        if (_models.Exists(m => m.Name == name && m != except))
        {
            throw MlflowException.Exists($"Registered Model (name={name}) already exists.");
        }
    }

    private JsonObject Change(MlflowModel model, Action<MlflowModel> change)
    {
        change(model);
        model.Updated = tracking.Now();
        return Answer(model);
    }

    private JsonObject Change(MlflowVersion version, Action<MlflowVersion> change)
    {
        change(version);
        version.Updated = tracking.Now();
        return Answer(version);
    }

    private JsonObject Answer(MlflowModel model) => new() { ["registered_model"] = model.ToJson(_json) };

    private JsonObject Answer(MlflowVersion version) => new() { ["model_version"] = version.ToJson(_json, options.IsOld) };

    private static long MaxOf(JsonObject request, long most)
    {
        var max = request["max_results"] is { } given ? MlflowJsonWriter.Number(given) : 100;
        return max >= 1 && max <= most ? max : throw MlflowException.Invalid(
            $"Invalid value for max_results: {max}. It must be at most {most}.");
    }

    private static JsonObject Done(object? _) => [];

    private static string Text(JsonObject request, string name) => request[name]!.GetValue<string>();
}
