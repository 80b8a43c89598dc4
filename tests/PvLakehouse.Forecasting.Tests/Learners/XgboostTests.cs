using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using PvLakehouse.Forecasting.Learners;
using PvLakehouse.Forecasting.Learners.Xgboost;

namespace PvLakehouse.Forecasting.Tests.Learners;

public sealed class XgboostTests
{
    private const string HowToGet = " To get it: apt-get install libxgboost0, or set PVLAKE_XGBOOST to the library's file, such as "
        + "xgboost/lib/libxgboost.so among the packages of a Python with 'pip install xgboost'.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Python_loads_the_saved_model_and_says_the_same_and_the_other_way_round()
    {
        var random = new Random(3);
        var rows = Rows.Of(3000, ["clear_sky_ghi", "gaps", "noise"],
            _ => [6 * random.NextDouble(), random.NextDouble() < 0.3 ? double.NaN : random.NextDouble(), random.NextDouble()],
            row => Math.Sin(row[0]) + (double.IsNaN(row[1]) ? 0.4 : row[1]));
        using var model = Learner(("num_boost_round", "50")).Train(rows, null, null, Token);
        var folder = Directory.CreateTempSubdirectory("pvlake-xgboost-");
        try
        {
            string File(string name) => Path.Combine(folder.FullName, name);
            await System.IO.File.WriteAllBytesAsync(File(model.Format.FileName), model.Save(), Token);
            await System.IO.File.WriteAllBytesAsync(File("rows"), MemoryMarshal.AsBytes(rows.Features.Values).ToArray(), Token);

            var printed = await PythonAsync(File(model.Format.FileName), File("rows"), File("predictions"), File("copy.json"));

            Assert.Equal("clear_sky_ghi gaps noise\n", printed);
            var said = model.Predict(rows.Features);
            Assert.Equal(MemoryMarshal.Cast<byte, float>(await System.IO.File.ReadAllBytesAsync(File("predictions"), Token)).ToArray(),
                said.Select(value => (float)value));
            using var copy = LearnerCatalogue.Load("xgboost", await System.IO.File.ReadAllBytesAsync(File("copy.json"), Token));
            Assert.Equal(said, copy.Predict(rows.Features));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Quantiles_are_learned_where_the_library_can_and_refused_in_words_where_not()
    {
        var settings = new LearnerSettings { Learner = "xgboost", Objective = Objective.Quantile(0.9) };
        if (XgboostLibrary.Version < new Version(2, 0, 0))
        {
            Assert.Equal(QuantileSupport.None, LearnerCatalogue.Find("xgboost").Quantiles);
            Assert.Equal("The learner 'xgboost' cannot learn a quantile 0.9; expected the mean, whose residuals give quantiles.",
                Assert.Throws<ForecastingException>(() => LearnerCatalogue.Create(settings)).Message);
            return;
        }

        Assert.Equal(QuantileSupport.OneModelPerLevel, LearnerCatalogue.Find("xgboost").Quantiles);
        using var model = LearnerCatalogue.Create(settings).Train(Rows.Curve(1), Rows.Curve(2), null, Token);
        var unseen = Rows.Curve(3);
        // 4,000 rows: a standard error of 0.005 of the test, as much of the training, and what regularisation shrinks.
        Assert.Equal(0.9, model.Predict(unseen.Features).Zip(unseen.Target, (said, happened) => happened <= said ? 1.0 : 0.0).Average(),
            tolerance: 0.034);
    }

    [Fact]
    public void A_missing_library_is_told_with_how_to_get_it()
    {
        static string Refusal(string? file, params string[] usual) =>
            Assert.Throws<ForecastingException>(() => XgboostLibrary.Load(file, usual)).Message;

        Assert.Equal("PVLAKE_XGBOOST names '/nowhere/libxgboost.so', and there is no XGBoost library to load." + HowToGet,
            Refusal("/nowhere/libxgboost.so", "libc.so.6"));
        Assert.Equal("XGBoost's library is not installed; looked for libnowhere.so, libneither.so." + HowToGet,
            Refusal(null, "libnowhere.so", "libneither.so"));
        // A library that is another, and a file that is none.
        Assert.Contains("there is no XGBoost library to load", Refusal("libc.so.6"), StringComparison.Ordinal);
        Assert.Contains("there is no XGBoost library to load", Refusal(typeof(XgboostTests).Assembly.Location), StringComparison.Ordinal);
        Assert.Contains("apt-get install libgomp1", Assert.Throws<ForecastingException>(
            () => NativeLibraries.LoadLightGbm("lib_nowhere", typeof(NativeLibraries).Assembly, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_model_is_refused_in_words()
    {
        using var model = Learner(("num_boost_round", "3")).Train(Rows.Curve(1), null, null, Token);
        var json = Encoding.UTF8.GetString(model.Save());
        string Refusal(string content) =>
            Assert.Throws<ForecastingException>(() => LearnerCatalogue.Load("xgboost", Encoding.UTF8.GetBytes(content))).Message;
        const string NoJson = "The content is no XGBoost model as JSON, or a part of one: ";

        Assert.StartsWith(NoJson, Refusal(""), StringComparison.Ordinal);
        Assert.StartsWith(NoJson, Refusal("binf"), StringComparison.Ordinal);
        Assert.StartsWith(NoJson, Refusal(json[..(json.Length / 2)]), StringComparison.Ordinal);
        Assert.Equal("The content is no XGBoost model as JSON: expected an object.", Refusal("null"));
        Assert.StartsWith("The content is no XGBoost model: ", Refusal("{}"), StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\.cc|\d\d:\d\d", Refusal("{}"));
        Assert.Equal("The XGBoost model does not name its features; expected 'feature_names' as training from named columns writes them.",
            Refusal(json.Replace("[\"angle\",\"noise\"]", "[]", StringComparison.Ordinal)));
    }

    private static ILearner Learner(params (string Name, string Value)[] parameters) =>
        LearnerCatalogue.Create(new() { Learner = "xgboost", Parameters = parameters.ToDictionary(pair => pair.Name, pair => pair.Value) });

    /// <summary>Runs the script with the Python for which Debian packs XGBoost, which need not be the first on the path.</summary>
    private static async Task<string> PythonAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/python3",
            [Path.Combine(SourceFolder.OfTests(), "Learners", "predict_xgboost.py"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var errors = process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, $"Python ended with {process.ExitCode}; ./test installs what it needs: {await errors}");
        return await output;
    }
}
