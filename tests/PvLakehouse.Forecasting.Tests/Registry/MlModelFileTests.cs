using System.Diagnostics;
using System.Text;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Forecasting.Tracking;

namespace PvLakehouse.Forecasting.Tests.Registry;

/// <summary>The files beside a model, as MLflow lays them out.</summary>
public sealed class MlModelFileTests
{
    private static readonly DateTimeOffset Created = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    /// <summary>Names that a careless emitter would turn into numbers, truth values, comments or other structure.</summary>
    private static readonly string[] Awkward =
        ["ghi", "on", "1e3", "a: b", "it's", "\"q\"", "#c", "näher", "null", "2026-11-22", "[x]", "a\\b"];

    [Fact]
    public void LightGbm_folder_is_written_as_the_protocol_says()
    {
        var text = Text(ModelFolder.Files("9f0c", Model(ModelFlavor.LightGbm("4.6.0"), ["ghi", "hour"])), "MLmodel");

        // Protocol text 2.10, keys sorted as MLflow sorts them, with all texts quoted. Size: 5 bytes of the model and those of the other
        // files.
        Assert.Equal(
            """
            artifact_path: 'model'
            flavors:
              lightgbm:
                code: null
                data: 'model.lgb'
                lgb_version: '4.6.0'
                model_class: 'lightgbm.basic.Booster'
              python_function:
                code: null
                data: 'model.lgb'
                env:
                  conda: 'conda.yaml'
                  virtualenv: 'python_env.yaml'
                loader_module: 'mlflow.lightgbm'
                python_version: '3.12.3'
            """,
            text[..text.IndexOf("\nmlflow_version", StringComparison.Ordinal)],
            ignoreLineEndingDifferences: true);
        Assert.Contains(
            """
              inputs: '[{"type":"double","name":"ghi","required":true},{"type":"double","name":"hour","required":true}]'
              outputs: '[{"type": "double", "required": true}]'
              params: null
            utc_time_created: '2026-11-22 10:00:00.000000'
            """.ReplaceLineEndings("\n"),
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void MLmodel_comes_last_and_the_same_model_gives_the_same_bytes()
    {
        var model = Model(ModelFlavor.XgBoost("3.0.0"), ["ghi"]);

        var once = ModelFolder.Files("9f0c", model);
        var twice = ModelFolder.Files("9f0c", model);

        Assert.Equal(
            ["model.json", "conda.yaml", "python_env.yaml", "requirements.txt"], once.SkipLast(1).Select(f => f.Path).Order(FirstThenName));
        Assert.Equal("MLmodel", once[^1].Path);
        Assert.Equal(once.Select(f => Convert.ToHexString(f.Content.Span)), twice.Select(f => Convert.ToHexString(f.Content.Span)));
        Assert.Equal("mlflow>=2.4\nxgboost==3.0.0\nnumpy\npandas\n", Text(once, "requirements.txt"));
    }

    [Theory]
    [InlineData(ModelFlavorKind.LightGbm)]
    [InlineData(ModelFlavorKind.XgBoost)]
    [InlineData(ModelFlavorKind.Own)]
    public void What_is_written_is_read_back(ModelFlavorKind kind)
    {
        var file = new MlModelFile
        {
            Flavor = new ModelFlavor(kind, "m:1.txt", "4.60"),
            Signature = new ModelSignature(Awkward),
            RunId = "0123456789e10",
            ArtifactPath = "models/q 10",
            Created = Created,
            ModelUuid = "12e4",
            ModelSizeBytes = 17,
            Metadata = Awkward.ToDictionary(a => a, a => a),
        };

        var read = MlModelFile.Parse(file.Write());

        Assert.Equal(file with { Signature = null, Metadata = read.Metadata }, read with { Signature = null });
        Assert.Equal(Awkward, read.Signature!.Features);
        Assert.Equal(file.Metadata, read.Metadata);
    }

    [Fact]
    public void File_that_Python_wrote_is_read()
    {
        // Written by mlflow.lightgbm.save_model of MLflow 3.0 (protocol text 2.10): plain scalars, another order, a long column.
        var read = MlModelFile.Parse(
            """
            artifact_path: model
            flavors:
              python_function:
                loader_module: mlflow.lightgbm
                data: model.lgb
                env: {conda: conda.yaml, virtualenv: python_env.yaml}
                python_version: 3.12.3
                code: null
              lightgbm:
                code: null
                data: model.lgb
                lgb_version: 4.6.0
                model_class: lightgbm.basic.Booster
            mlflow_version: 3.0.0
            model_uuid: 4f0f7a0c1de34b7f9a3d8a3c5d1b2e77
            signature:
              inputs: '[{"type": "double", "name": "ghi", "required": true}, {"type": "long", "name": "hour", "required": true}]'
              outputs: '[{"type": "double", "required": true}]'
              params: null
            utc_time_created: '2026-11-22 10:00:00.000000'
            """);

        Assert.Equal(new ModelFlavor(ModelFlavorKind.LightGbm, "model.lgb", "4.6.0"), read.Flavor);
        Assert.Equal(["ghi", "hour"], read.Signature!.Features);
        Assert.Equal(Created, read.Created);
        Assert.Null(read.RunId);
    }

    [Theory]
    [InlineData("flavors: {sklearn: {pickled_model: model.pkl}}", "sklearn")]
    [InlineData("artifact_path: model", "no flavors")]
    [InlineData("- a list", "no map")]
    [InlineData("a: 'open", "no YAML")]
    [InlineData("", "no map")]
    [InlineData("flavors: {lightgbm: {lgb_version: 4.6.0}}", "names no data")]
    [InlineData(
        "flavors: {lightgbm: {data: m}}\nsignature: {inputs: '[{\"type\": \"string\", \"name\": \"site\"}]'}",
        "'site' has the type 'string'")]
    [InlineData("flavors: {lightgbm: {data: m}}\nsignature: {inputs: '{'}", "no list of columns")]
    public void File_that_cannot_be_used_is_refused_in_one_sentence(string text, string part)
    {
        var refusal = Assert.Throws<TrackingException>(() => MlModelFile.Parse(text));

        Assert.Equal(TrackingFault.InvalidParameterValue, refusal.Fault);
        Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
        Assert.StartsWith("The MLmodel file cannot be used", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Extra_file_may_not_take_the_place_of_another()
    {
        var model = Model(ModelFlavor.Own("ridge"), ["ghi"]) with
        {
            Extras = new Dictionary<string, ReadOnlyMemory<byte>> { ["MLmodel"] = ReadOnlyMemory<byte>.Empty },
        };

        Assert.Throws<TrackingException>(() => ModelFolder.Files("9f0c", model));
    }

    [Fact]
    public async Task Python_reads_the_yaml_as_it_was_meant()
    {
        Assert.SkipUnless(await HasPythonYamlAsync(), "There is no Python with PyYAML (Debian: python3-yaml).");
        var model = Model(ModelFlavor.LightGbm("4.60"), Awkward) with { Metadata = Awkward.ToDictionary(a => a, a => a) };
        var files = ModelFolder.Files("0123456789e10", model);
        var folder = Directory.CreateTempSubdirectory("pvlake-mlmodel-");
        try
        {
            foreach (var (path, content) in files)
            {
                await File.WriteAllBytesAsync(Path.Combine(folder.FullName, path), content, TestContext.Current.CancellationToken);
            }

            // Prints each value by the type that Python gives it, so that a number or date would show.
            var printed = await PythonAsync(
                """
                import json, os, sys, yaml
                os.chdir(sys.argv[1])
                m = yaml.safe_load(open('MLmodel', encoding='utf-8'))
                print(
                    repr(m['run_id']), repr(m['flavors']['lightgbm']['lgb_version']), repr(m['flavors']['python_function']['code']),
                    m['model_size_bytes'])
                print(ascii([c['name'] for c in json.loads(m['signature']['inputs'])]))
                print(ascii(sorted(m['metadata'].values())), m['metadata'] == {v: v for v in m['metadata'].values()})
                print(list(yaml.safe_load(open('conda.yaml')).values()))
                print(yaml.safe_load(open('python_env.yaml')))
                """,
                folder.FullName);

            var size = files.SkipLast(1).Sum(f => f.Content.Length);
            Assert.Equal(
                $$"""
                '0123456789e10' '4.60' None {{size}}
                ['ghi', 'on', '1e3', 'a: b', "it's", '"q"', '#c', 'n\xe4her', 'null', '2026-11-22', '[x]', 'a\\b']
                ['"q"', '#c', '1e3', '2026-11-22', '[x]', 'a: b', 'a\\b', 'ghi', "it's", 'null', 'n\xe4her', 'on'] True
                [['conda-forge'], ['python=3.12.3', 'pip', {'pip': ['mlflow>=2.4', 'lightgbm==4.60', 'numpy', 'pandas']}], 'mlflow-env']
                {'python': '3.12.3', 'build_dependencies': ['pip'], 'dependencies': ['-r requirements.txt']}

                """,
                printed,
                ignoreLineEndingDifferences: true);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Comparer<string> FirstThenName { get; } = Comparer<string>.Create(
        (x, y) => x == y ? 0 : x == "model.json" ? -1 : y == "model.json" ? 1 : string.CompareOrdinal(x, y));

    private static ModelContent Model(ModelFlavor flavor, IReadOnlyList<string> features) => new()
    {
        Flavor = flavor,
        Data = Encoding.UTF8.GetBytes("trees"),
        Signature = new ModelSignature(features),
        Created = Created,
    };

    private static string Text(IReadOnlyList<(string Path, ReadOnlyMemory<byte> Content)> files, string path) =>
        Encoding.UTF8.GetString(files.Single(f => f.Path == path).Content.Span);

    private static async Task<bool> HasPythonYamlAsync()
    {
        try
        {
            return await PythonAsync("import yaml; print(1)") == "1\n";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static async Task<string> PythonAsync(string script, params string[] arguments)
    {
        using var python = Process.Start(new ProcessStartInfo("python3", ["-c", script, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        return python.ExitCode == 0 ? output : await errors;
    }
}
