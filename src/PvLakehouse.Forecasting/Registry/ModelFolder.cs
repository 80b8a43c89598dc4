using System.Security.Cryptography;
using System.Text;
using PvLakehouse.Forecasting.Tracking;

namespace PvLakehouse.Forecasting.Registry;

/// <summary>The files of a model in MLflow's layout.</summary>
public static class ModelFolder
{
    internal const string Conda = "conda.yaml";
    internal const string PythonEnv = "python_env.yaml";

    private const string Requirements = "requirements.txt";

    /// <summary>All files by path below the folder, <c>MLmodel</c> last: a folder that has it is whole.</summary>
    /// <param name="runId">The run that made the model.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="TrackingException">An extra file has the name of another file.</exception>
    public static IReadOnlyList<(string Path, ReadOnlyMemory<byte> Content)> Files(string runId, ModelContent model)
    {
        ArgumentException.ThrowIfNullOrEmpty(runId);
        ArgumentNullException.ThrowIfNull(model);
        List<(string Path, ReadOnlyMemory<byte> Content)> files =
        [
            (model.Flavor.DataFile, model.Data),
            .. model.Extras.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => (e.Key, e.Value)),
            .. Environment(model.Flavor).Select(e => (e.Path, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(e.Text))),
        ];
        var description = new MlModelFile
        {
            Flavor = model.Flavor,
            Signature = model.Signature,
            RunId = runId,
            ArtifactPath = model.ArtifactPath,
            Created = model.Created,
            ModelUuid = Convert.ToHexStringLower(
                SHA256.HashData([.. Encoding.UTF8.GetBytes(runId), .. SHA256.HashData(model.Data.Span)]).AsSpan(0, 16)),
            ModelSizeBytes = files.Sum(f => (long)f.Content.Length),
            Metadata = model.Metadata,
        };
        files.Add((MlModelFile.FileName, Encoding.UTF8.GetBytes(description.Write())));
        return files.CountBy(f => f.Path, StringComparer.Ordinal).FirstOrDefault(f => f.Value > 1).Key is { } twice
            ? throw TrackingRules.Invalid($"Two files of the model are called '{twice}'.")
            : files;
    }

    /// <summary>What Python needs to load the model; nothing for models that it cannot load.</summary>
    private static IEnumerable<(string Path, string Text)> Environment(ModelFlavor flavor)
    {
        var library = flavor.Kind switch
        {
            ModelFlavorKind.LightGbm => "lightgbm",
            ModelFlavorKind.XgBoost => "xgboost",
            _ => null,
        };
        if (library is null)
        {
            return [];
        }

        string[] packages = ["mlflow>=2.4", $"{library}=={flavor.LibraryVersion}", "numpy", "pandas"];
        return
        [
            (Requirements, string.Concat(packages.Select(p => $"{p}\n"))),
            (Conda, Yaml.Write(Yaml.Map(
                ("channels", Yaml.List(Yaml.Text("conda-forge"))),
                ("dependencies", Yaml.List(
                    Yaml.Text($"python={MlModelFile.Python}"), Yaml.Text("pip"), Yaml.Map(("pip", Yaml.List(packages.Select(Yaml.Text)))))),
                ("name", Yaml.Text("mlflow-env"))))),
            (PythonEnv, Yaml.Write(Yaml.Map(
                ("python", Yaml.Text(MlModelFile.Python)),
                ("build_dependencies", Yaml.List(Yaml.Text("pip"))),
                ("dependencies", Yaml.List(Yaml.Text($"-r {Requirements}")))))),
        ];
    }
}
