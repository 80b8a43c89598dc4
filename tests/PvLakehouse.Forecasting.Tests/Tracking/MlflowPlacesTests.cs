using System.Text;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Tracking.Mlflow;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.TestServers.Mlflow;

namespace PvLakehouse.Forecasting.Tests.Tracking;

/// <summary>Where servers are, who may ask them, and where they keep artifacts.</summary>
public sealed class MlflowPlacesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task User_with_password_and_bearer_of_a_token_are_let_in()
    {
        // RFC 7617, section 2: user "Aladdin", password "open sesame".
        await UseAsync(
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
            new() { ["MLFLOW_TRACKING_USERNAME"] = "Aladdin", ["MLFLOW_TRACKING_PASSWORD"] = "open sesame" });
        await UseAsync("Bearer abc", new() { ["MLFLOW_TRACKING_TOKEN"] = "abc" });
        var refusal = await Assert.ThrowsAsync<TrackingException>(() => UseAsync("Bearer abc", []));

        Assert.Equal(TrackingFault.Unauthenticated, refusal.Fault);

        static async Task UseAsync(string header, Dictionary<string, string> environment)
        {
            await using var server = await MlflowServer.StartAsync(new MlflowServerOptions { Authorization = header });
            var credentials = MlflowCredentials.FromEnvironment(environment.GetValueOrDefault);
            await using var bench = await TrackingBench.OpenAsync(server, new MlflowOptions { Credentials = credentials });
            Assert.Equal("***", credentials.ToString());
            await bench.Tracking.CreateExperimentAsync("e", null, null, Cancel);
        }
    }

    [Fact]
    public void User_without_password_is_refused() => Assert.Equal(
        TrackingFault.NotSetUp,
        Assert.Throws<TrackingException>(
            () => MlflowCredentials.FromEnvironment(v => v == "MLFLOW_TRACKING_USERNAME" ? "etl" : null)).Fault);

    [Fact]
    public async Task Path_of_the_address_stands_before_every_route()
    {
        await using var server = await MlflowServer.StartAsync();
        var folder = Directory.CreateTempSubdirectory("pvlake-tracking-");
        await using (var services = await TrackingServices.OpenAsync(
            new TrackingAddress(new Uri(server.Address, "ml/flow")), TrackingBench.OptionsOf(folder.FullName), null, Cancel))
        {
            await Assert.ThrowsAsync<TrackingException>(() => services.Tracking.GetExperimentAsync("1", Cancel));
        }

        Assert.Equal(["GET /ml/flow/api/2.0/mlflow/experiments/get"], server.Requests);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Server_on_this_machine_may_have_its_artifacts_in_a_folder()
    {
        var folder = Directory.CreateTempSubdirectory("pvlake-mlruns-");
        await using (var server = await MlflowServer.StartAsync(new MlflowServerOptions { ArtifactRoot = folder.FullName }))
        await using (var bench = await TrackingBench.OpenAsync(server))
        {
            var run = await BeginAsync(bench.Tracking);
            await UploadAsync(bench.Tracking, run, "first");
            await UploadAsync(bench.Tracking, run, "second");
            var version = await ModelRegistration.RegisterAsync(bench.Registry, new NewModelVersion { Name = "m", RunId = run }, Cancel);

            Assert.Equal("second", await File.ReadAllTextAsync(Path.Combine(folder.FullName, "1", run, "artifacts/model/MLmodel"), Cancel));
            Assert.Equal([new("MLmodel", false, 6)], await bench.Registry.ListFilesAsync("m", version.Version, Cancel));
            using var reader = new StreamReader(await bench.Registry.OpenFileAsync("m", version.Version, "MLmodel", Cancel));
            Assert.Equal("second", await reader.ReadToEndAsync(Cancel));
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Artifacts_in_a_bucket_are_written_by_the_client_itself()
    {
        await using var server = await MlflowServer.StartAsync(new MlflowServerOptions { ArtifactRoot = "s3://bucket/mlflow" });
        var folder = Directory.CreateTempSubdirectory("pvlake-tracking-");
        var bucket = new InMemoryFileIO();
        var options = TrackingBench.OptionsOf(folder.FullName) with { Files = new RoutingFileIO([new("s3", bucket)]) };
        await using (var services = await TrackingServices.OpenAsync(new TrackingAddress(server.Address), options, null, Cancel))
        {
            var run = await BeginAsync(services.Tracking);
            await UploadAsync(services.Tracking, run, "flavors");

            Assert.True(await bucket.ExistsAsync($"s3://bucket/mlflow/1/{run}/artifacts/model/MLmodel", Cancel));
            using var reader = new StreamReader(await services.Tracking.OpenArtifactAsync(run, "model/MLmodel", Cancel));
            Assert.Equal("flavors", await reader.ReadToEndAsync(Cancel));
        }

        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("s3://bucket/mlflow", "no storage is set up here")]
    [InlineData("gs://bucket/mlflow", "no client for 'gs:'")]
    [InlineData("mlflow-artifacts://other:5000/mlflow", "behind another server, 'other:5000'")]
    [InlineData("https://other/api/2.0/mlflow-artifacts/artifacts/x", "another server")]
    public async Task Artifacts_in_a_place_without_a_way_are_refused_with_what_to_do(string root, string part)
    {
        await using var server = await MlflowServer.StartAsync(new MlflowServerOptions { ArtifactRoot = root });
        await using var bench = await TrackingBench.OpenAsync(server);
        var run = await BeginAsync(bench.Tracking);

        var refusal = await Assert.ThrowsAsync<TrackingException>(() => UploadAsync(bench.Tracking, run, "x"));

        Assert.Equal(TrackingFault.NotSetUp, refusal.Fault);
        Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, "", null)]
    [InlineData("http://localhost:5000", "http://other", "http://localhost:5000/")]
    [InlineData(null, " https://mlflow.example/ml ", "https://mlflow.example/ml")]
    public void Address_is_that_of_the_option_then_of_the_environment_then_the_lake(string? option, string? variable, string? server) =>
        Assert.Equal(server, TrackingAddress.Resolve(option, name => name == "MLFLOW_TRACKING_URI" ? variable : null).Server?.AbsoluteUri);

    [Theory]
    [InlineData("file:./mlruns", "file store")]
    [InlineData("sqlite:///mlflow.db", "database of MLflow")]
    [InlineData("postgresql://me:secret@host/db", "database of MLflow")]
    [InlineData("./mlruns", "no address")]
    [InlineData("databricks", "Databricks")]
    [InlineData("http://me:secret@host", "MLFLOW_TRACKING_PASSWORD")]
    [InlineData("http://host/?x=1", "without '?'")]
    public void Address_of_another_kind_is_refused_with_the_reason(string address, string part)
    {
        var refusal = Assert.Throws<TrackingException>(() => TrackingAddress.Resolve(address, _ => null));

        Assert.Equal(TrackingFault.NotSetUp, refusal.Fault);
        Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
        Assert.StartsWith("--tracking", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<string> BeginAsync(ITrackingStore store) => (await store.CreateRunAsync(
        new NewRun { ExperimentId = await store.CreateExperimentAsync("e", null, null, Cancel) }, Cancel)).Info.RunId;

    private static async Task UploadAsync(ITrackingStore store, string run, string text)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await store.UploadArtifactAsync(run, "model/MLmodel", content, Cancel);
    }
}
