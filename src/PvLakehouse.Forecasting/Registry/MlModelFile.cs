using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace PvLakehouse.Forecasting.Registry;

/// <summary>The file <c>MLmodel</c>, by which MLflow and this program know how to load the model in its folder.</summary>
/// <remarks>
/// Source: "MLflow Models: storage format", MLflow 2.4 to 3 documentation. Python loads LightGBM and XGBoost models by it; those of our own
/// have no Python flavor.
/// </remarks>
public sealed record MlModelFile
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "MLmodel";

    /// <summary>The version of Python that environments are described for.</summary>
    internal const string Python = "3.12.3";

    private const string Instant = "yyyy-MM-dd HH:mm:ss.ffffff";

    /// <summary>The oldest MLflow that reads what is written here.</summary>
    private const string OldestMlflow = "2.4.0";

    /// <summary>Library, file and version.</summary>
    public required ModelFlavor Flavor { get; init; }

    /// <summary>What it takes and gives; null in files of others that do not say.</summary>
    public required ModelSignature? Signature { get; init; }

    /// <summary>The run that made it; null when unknown.</summary>
    public string? RunId { get; init; }

    /// <summary>Its folder below the run's artifacts.</summary>
    public string ArtifactPath { get; init; } = "model";

    /// <summary>When it was made; null when unknown.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>32 hexadecimal digits of its own; null when unknown.</summary>
    public string? ModelUuid { get; init; }

    /// <summary>Length of all its files but this one [bytes]; null when unknown.</summary>
    public long? ModelSizeBytes { get; init; }

    /// <summary>What else its readers need to know, for example which files hold quantiles and calibration.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = Tracking.Dictionaries.Empty;

    /// <summary>The text of the file.</summary>
    public string Write()
    {
        var entries = new List<(string Key, YamlNode Value)> { ("artifact_path", Yaml.Text(ArtifactPath)), ("flavors", Flavors()) };
        if (Metadata.Count > 0)
        {
            entries.Add(("metadata", Yaml.Texts(Metadata.OrderBy(m => m.Key, StringComparer.Ordinal))));
        }

        entries.Add(("mlflow_version", Yaml.Text(OldestMlflow)));
        AddText("model_uuid", ModelUuid);
        if (ModelSizeBytes is { } size)
        {
            entries.Add(("model_size_bytes", Yaml.Number(size)));
        }

        AddText("run_id", RunId);
        if (Signature is { } signature)
        {
            entries.Add(("signature", Yaml.Map(
                ("inputs", Yaml.Text(signature.Inputs())), ("outputs", Yaml.Text(ModelSignature.Outputs)), ("params", Yaml.Null()))));
        }

        AddText("utc_time_created", Created?.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture));
        return Yaml.Write(Yaml.Map(entries));

        void AddText(string key, string? value)
        {
            if (value is not null)
            {
                entries.Add((key, Yaml.Text(value)));
            }
        }
    }

    /// <summary>Reads a file, also one that MLflow's Python wrote for a LightGBM or XGBoost booster.</summary>
    /// <exception cref="Tracking.TrackingException">It is no such file, or names none of the flavors that can be loaded here.</exception>
    public static MlModelFile Parse(string text)
    {
        var root = Yaml.Read(text);
        var flavors = root.MapAt("flavors") ?? throw ModelFlavor.Unreadable("it has no flavors");
        return new MlModelFile
        {
            Flavor = FlavorOf(flavors),
            Signature = root.MapAt("signature")?.TextAt("inputs") is { } inputs ? ModelSignature.Parse(inputs) : null,
            RunId = root.TextAt("run_id"),
            ArtifactPath = root.TextAt("artifact_path") ?? "model",
            ModelUuid = root.TextAt("model_uuid"),
            ModelSizeBytes = long.TryParse(root.TextAt("model_size_bytes"), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                ? size
                : null,
            Created = DateTimeOffset.TryParse(
                root.TextAt("utc_time_created"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created)
                ? created
                : null,
            Metadata = (root.MapAt("metadata")?.Children ?? Enumerable.Empty<KeyValuePair<YamlNode, YamlNode>>())
                .Where(m => m is { Key: YamlScalarNode, Value: YamlScalarNode })
                .ToDictionary(m => ((YamlScalarNode)m.Key).Value ?? "", m => ((YamlScalarNode)m.Value).Value ?? "", StringComparer.Ordinal),
        };
    }

    private YamlMappingNode Flavors() => Flavor.Kind switch
    {
        ModelFlavorKind.LightGbm => Yaml.Map(
            ("lightgbm", Yaml.Map(
                ("code", Yaml.Null()),
                ("data", Yaml.Text(Flavor.DataFile)),
                ("lgb_version", Yaml.Text(Flavor.LibraryVersion)),
                ("model_class", Yaml.Text("lightgbm.basic.Booster")))),
            ("python_function", PythonFunction("mlflow.lightgbm"))),
        ModelFlavorKind.XgBoost => Yaml.Map(
            ("python_function", PythonFunction("mlflow.xgboost")),
            ("xgboost", Yaml.Map(
                ("code", Yaml.Null()),
                ("data", Yaml.Text(Flavor.DataFile)),
                ("model_class", Yaml.Text("xgboost.core.Booster")),
                ("model_format", Yaml.Text(Path.GetExtension(Flavor.DataFile).TrimStart('.'))),
                ("xgb_version", Yaml.Text(Flavor.LibraryVersion))))),
        _ => Yaml.Map(("pvlake", Yaml.Map(("data", Yaml.Text(Flavor.DataFile)), ("learner", Yaml.Text(Flavor.LibraryVersion))))),
    };

    private YamlMappingNode PythonFunction(string loader) => Yaml.Map(
        ("code", Yaml.Null()),
        ("data", Yaml.Text(Flavor.DataFile)),
        ("env", Yaml.Map(("conda", Yaml.Text(ModelFolder.Conda)), ("virtualenv", Yaml.Text(ModelFolder.PythonEnv)))),
        ("loader_module", Yaml.Text(loader)),
        ("python_version", Yaml.Text(Python)));

    private static ModelFlavor FlavorOf(YamlMappingNode flavors)
    {
        foreach (var (name, kind, version) in new[]
        {
            ("lightgbm", ModelFlavorKind.LightGbm, "lgb_version"),
            ("xgboost", ModelFlavorKind.XgBoost, "xgb_version"),
            ("pvlake", ModelFlavorKind.Own, "learner"),
        })
        {
            if (flavors.MapAt(name) is { } flavor)
            {
                return new ModelFlavor(
                    kind,
                    flavor.TextAt("data") ?? throw ModelFlavor.Unreadable($"its flavor {name} names no data"),
                    flavor.TextAt(version) ?? "");
            }
        }

        throw ModelFlavor.Unreadable(
            $"its flavors are {string.Join(", ", flavors.Children.Keys)}; expected lightgbm, xgboost or pvlake");
    }
}
