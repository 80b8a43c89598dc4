using System.Text;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Forecasting.Tests.Tracking;
using PvLakehouse.Forecasting.Tracking;

namespace PvLakehouse.Forecasting.Tests.Registry;

public sealed class EmbeddedRegistryTests() : RegistryContract(StoreKind.Embedded);

public sealed class Mlflow2RegistryTests() : RegistryContract(StoreKind.Mlflow2);

public sealed class Mlflow3RegistryTests() : RegistryContract(StoreKind.Mlflow3);

/// <summary>What every registry promises, whether it is in the lake or behind a server.</summary>
public abstract class RegistryContract(StoreKind kind) : IAsyncLifetime
{
    private const string Name = "day-ahead NYNGAN";

    private TrackingBench _bench = null!;

    private IModelRegistry Registry => _bench.Registry;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await TrackingBench.OpenAsync(kind);

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Model_is_made_described_renamed_and_removed()
    {
        var made = await Registry.CreateRegisteredModelAsync(Name, "first", Tags(("team", "solar")), Cancel);
        await RefusedAsync(TrackingFault.ResourceAlreadyExists, () => Registry.CreateRegisteredModelAsync(Name, null, null, Cancel));
        await Registry.SetRegisteredModelTagAsync(Name, "site", "NYNGAN", Cancel);
        await Registry.DeleteRegisteredModelTagAsync(Name, "team", Cancel);
        await Registry.DeleteRegisteredModelTagAsync(Name, "never there", Cancel);
        await Registry.UpdateRegisteredModelAsync(Name, "second", Cancel);
        await Registry.RenameRegisteredModelAsync(Name, "renamed", Cancel);

        var model = await Registry.GetRegisteredModelAsync("renamed", Cancel);

        Assert.Equal(("first", "solar"), (made.Description, made.Tags["team"]));
        Assert.Equal(("second", "NYNGAN"), (model.Description, model.Tags["site"]));
        Assert.DoesNotContain("team", model.Tags);
        Assert.True(model.LastUpdatedTimestamp > made.CreationTimestamp);
        await RefusedAsync(TrackingFault.ResourceDoesNotExist, () => Registry.GetRegisteredModelAsync(Name, Cancel));
        await Registry.DeleteRegisteredModelAsync("renamed", Cancel);
        await RefusedAsync(TrackingFault.ResourceDoesNotExist, () => Registry.GetRegisteredModelAsync("renamed", Cancel));
        await RefusedAsync(TrackingFault.ResourceDoesNotExist, () => Registry.DeleteRegisteredModelAsync("renamed", Cancel));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    public Task Name_that_model_uris_cannot_hold_is_refused(string name) =>
        RefusedAsync(TrackingFault.InvalidParameterValue, () => Registry.CreateRegisteredModelAsync(name, null, null, Cancel));

    [Fact]
    public async Task Renamed_model_keeps_versions_tags_and_aliases()
    {
        var version = await RegisterAsync();
        await Registry.SetModelVersionTagAsync(Name, version.Version, "nmae", "0.08", Cancel);
        await Registry.SetAliasAsync(Name, "champion", version.Version, Cancel);

        await Registry.RenameRegisteredModelAsync(Name, "renamed", Cancel);

        var champion = await Registry.FindByAliasAsync("renamed", "champion", Cancel);
        Assert.Equal((1, "0.08"), (champion!.Version, champion.Tags["nmae"]));
        Assert.Equal(1, (await Registry.GetRegisteredModelAsync("renamed", Cancel)).Aliases["champion"]);
    }

    [Fact]
    public async Task Number_of_a_version_is_never_given_twice()
    {
        var first = await RegisterAsync();
        var second = await RegisterAsync();
        await Registry.UpdateModelVersionAsync(Name, 1, "the first", Cancel);
        await Registry.DeleteModelVersionAsync(Name, 2, Cancel);
        var third = await RegisterAsync();

        Assert.Equal([1, 2, 3], new[] { first.Version, second.Version, third.Version });
        Assert.Equal("the first", (await Registry.GetModelVersionAsync(Name, 1, Cancel)).Description);
        Assert.Equal(ModelVersionStatus.Ready, third.Status);
        await RefusedAsync(TrackingFault.ResourceDoesNotExist, () => Registry.GetModelVersionAsync(Name, 2, Cancel));
        await RefusedAsync(TrackingFault.ResourceDoesNotExist, () => Registry.SetAliasAsync(Name, "champion", 2, Cancel));
    }

    [Fact]
    public async Task Registering_again_finds_the_version_of_the_same_run_and_folder()
    {
        var run = await RunAsync();
        await ModelRegistration.UploadAsync(_bench.Tracking, run, Model(), Cancel);
        await ModelRegistration.UploadAsync(_bench.Tracking, run, Model() with { ArtifactPath = "q10/model" }, Cancel);
        var version = new NewModelVersion { Name = Name, RunId = run, Tags = Tags(("nmae", "0.08")), Description = "by hand" };

        var first = await ModelRegistration.RegisterAsync(Registry, version, Cancel);
        var other = await ModelRegistration.RegisterAsync(Registry, version with { ArtifactPath = "q10/model" }, Cancel);
        await ModelRegistration.UploadAsync(_bench.Tracking, run, Model(), Cancel);
        var again = await ModelRegistration.RegisterAsync(Registry, version, Cancel);
        var elsewhere = await ModelRegistration.RegisterAsync(Registry, version with { Name = "it's another" }, Cancel);

        Assert.Equal([1, 1, 2, 1], new[] { first.Version, again.Version, other.Version, elsewhere.Version });
        Assert.Equal((run, "0.08", "by hand"), (again.RunId, again.Tags["nmae"], again.Description));
    }

    [Fact]
    public async Task Version_is_made_only_of_files_that_are_there()
    {
        await Registry.CreateRegisteredModelAsync(Name, null, null, Cancel);
        var run = await RunAsync();

        await RefusedAsync(
            TrackingFault.ResourceDoesNotExist,
            () => Registry.CreateModelVersionAsync(new NewModelVersion { Name = Name, RunId = run }, Cancel));
        await RefusedAsync(
            TrackingFault.ResourceDoesNotExist,
            () => Registry.CreateModelVersionAsync(new NewModelVersion { Name = Name, RunId = "nobody" }, Cancel));
        Assert.Empty((await Registry.SearchModelVersionsAsync(SearchQuery.Everything, Cancel)).Items);
    }

    [Fact]
    public async Task Files_of_a_version_are_listed_and_read()
    {
        var version = await RegisterAsync();

        var files = await Registry.ListFilesAsync(Name, version.Version, Cancel);
        var description = await ModelRegistration.ReadAsync(Registry, Name, version.Version, Cancel);
        using var data = new StreamReader(await Registry.OpenFileAsync(Name, version.Version, description.Flavor.DataFile, Cancel));

        Assert.Equal(
            ["MLmodel", "conda.yaml", "model.lgb", "python_env.yaml", "quantiles/q10.lgb", "requirements.txt"], files.Select(f => f.Path));
        Assert.Equal(5, files.Single(f => f.Path == "model.lgb").FileSize);
        Assert.Equal("trees", await data.ReadToEndAsync(Cancel));
        Assert.Equal(["ghi", "clear-sky \"index\""], description.Signature!.Features);
        Assert.Equal(version.RunId, description.RunId);
        Assert.EndsWith("/model", await Registry.GetDownloadUriAsync(Name, version.Version, Cancel), StringComparison.Ordinal);
        await RefusedAsync(TrackingFault.ResourceDoesNotExist, () => Registry.OpenFileAsync(Name, version.Version, "none.txt", Cancel));
        await RefusedAsync(TrackingFault.ResourceDoesNotExist, () => Registry.ListFilesAsync(Name, 7, Cancel));
    }

    [Fact]
    public async Task Alias_names_one_version_and_moves()
    {
        await RegisterAsync();
        await RegisterAsync();
        await Registry.SetAliasAsync(Name, "champion", 1, Cancel);
        await Registry.SetAliasAsync(Name, "challenger", 2, Cancel);
        await Registry.SetAliasAsync(Name, "champion", 2, Cancel);

        Assert.Equal(["challenger", "champion"], (await Registry.FindByAliasAsync(Name, "champion", Cancel))!.Aliases);
        Assert.Empty((await Registry.GetModelVersionAsync(Name, 1, Cancel)).Aliases);
        await Registry.DeleteAliasAsync(Name, "champion", Cancel);
        await Registry.DeleteAliasAsync(Name, "champion", Cancel);
        Assert.Null(await Registry.FindByAliasAsync(Name, "champion", Cancel));
        Assert.Null(await Registry.FindByAliasAsync("no model", "champion", Cancel));
        await Registry.DeleteModelVersionAsync(Name, 2, Cancel);
        Assert.Empty((await Registry.GetRegisteredModelAsync(Name, Cancel)).Aliases);
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("Latest")]
    [InlineData("v12")]
    [InlineData("V1")]
    [InlineData("")]
    [InlineData("a b")]
    public async Task Alias_that_reads_like_a_version_is_refused(string alias)
    {
        await RegisterAsync();

        await RefusedAsync(TrackingFault.InvalidParameterValue, () => Registry.SetAliasAsync(Name, alias, 1, Cancel));
    }

    [Fact]
    public async Task Move_to_production_archives_the_version_before()
    {
        for (var i = 0; i < 3; i++)
        {
            await RegisterAsync();
        }

        await Registry.TransitionStageAsync(Name, 1, ModelStage.Production, false, Cancel);
        await Registry.TransitionStageAsync(Name, 2, ModelStage.Staging, true, Cancel);
        var moved = await Registry.TransitionStageAsync(Name, 3, ModelStage.Production, true, Cancel);

        Assert.Equal(ModelStage.Production, moved.CurrentStage);
        Assert.Equal([ModelStage.Archived, ModelStage.Staging, ModelStage.Production], await StagesAsync());
        await RefusedAsync(
            TrackingFault.InvalidParameterValue, () => Registry.TransitionStageAsync(Name, 1, ModelStage.None, true, Cancel));

        async Task<List<ModelStage>> StagesAsync() => await Paging
            .AllAsync(new SearchQuery { OrderBy = ["version_number ASC"] }, Registry.SearchModelVersionsAsync, Cancel)
            .Select(v => v.CurrentStage)
            .ToListAsync(Cancel);
    }

    [Fact]
    public async Task Promotion_moves_the_alias_and_says_why()
    {
        await RegisterAsync();
        await RegisterAsync();

        var first = await Registry.PromoteAsync(Name, 1, "champion", "the only one", Cancel);
        var second = await Registry.PromoteAsync(Name, 2, "champion", "skill 0.31 against 0.27", Cancel);
        var again = await Registry.PromoteAsync(Name, 2, "champion", "asked twice", Cancel);

        Assert.Equal("the only one", first.Tags["pvlake.champion.reason"]);
        Assert.DoesNotContain("pvlake.champion.after", first.Tags);
        Assert.Equal(("skill 0.31 against 0.27", "1"), (second.Tags["pvlake.champion.reason"], second.Tags["pvlake.champion.after"]));
        Assert.EndsWith("Z", second.Tags["pvlake.champion.since"], StringComparison.Ordinal);
        Assert.Equal(second.Tags, again.Tags);
        Assert.Equal(2, (await Registry.FindByAliasAsync(Name, "champion", Cancel))!.Version);
        await RefusedAsync(TrackingFault.ResourceDoesNotExist, () => Registry.PromoteAsync(Name, 9, "champion", "there is none", Cancel));
        Assert.Equal(2, (await Registry.FindByAliasAsync(Name, "champion", Cancel))!.Version);
    }

    [Fact]
    public async Task Models_and_versions_are_searched_page_by_page()
    {
        var run = (await RegisterAsync()).RunId;
        await RegisterAsync();
        await RegisterAsync("other");
        await Registry.SetModelVersionTagAsync(Name, 2, "site", "MOREE", Cancel);

        Assert.Equal([Name, "other"], await ModelsAsync(new SearchQuery { MaxResults = 1 }));
        Assert.Equal(["other"], await ModelsAsync(new SearchQuery { Filter = "name LIKE 'oth%'" }));
        Assert.Equal(
            [(Name, 2), (Name, 1)], await VersionsAsync(
                new SearchQuery { Filter = $"name = '{Name}'", OrderBy = ["version_number DESC"], MaxResults = 1 }));
        Assert.Equal([(Name, 1)], await VersionsAsync(new SearchQuery { Filter = $"run_id = '{run}'" }));
        Assert.Equal([(Name, 2)], await VersionsAsync(new SearchQuery { Filter = "tags.site = 'MOREE'" }));
        await RefusedAsync(TrackingFault.InvalidParameterValue, () => VersionsAsync(new SearchQuery { Filter = "colour = 'red'" }));

        async Task<List<string>> ModelsAsync(SearchQuery query) =>
            await Paging.AllAsync(query, Registry.SearchRegisteredModelsAsync, Cancel).Select(m => m.Name).ToListAsync(Cancel);

        async Task<List<(string Name, int Version)>> VersionsAsync(SearchQuery query) =>
            await Paging.AllAsync(query, Registry.SearchModelVersionsAsync, Cancel).Select(v => (v.Name, v.Version)).ToListAsync(Cancel);
    }

    private static ModelContent Model() => new()
    {
        Flavor = ModelFlavor.LightGbm("4.6.0"),
        Data = Encoding.UTF8.GetBytes("trees"),
        Signature = new ModelSignature(["ghi", "clear-sky \"index\""]),
        Created = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero),
        Extras = new Dictionary<string, ReadOnlyMemory<byte>> { ["quantiles/q10.lgb"] = Encoding.UTF8.GetBytes("trees of q10") },
    };

    private static Dictionary<string, string> Tags(params (string Key, string Value)[] pairs) =>
        pairs.ToDictionary(p => p.Key, p => p.Value);

    private static async Task RefusedAsync(TrackingFault fault, Func<Task> act) =>
        Assert.Equal(fault, (await Assert.ThrowsAsync<TrackingException>(act)).Fault);

    private async Task<string> RunAsync()
    {
        var experiment = (await _bench.Tracking.FindExperimentAsync("e", Cancel))?.ExperimentId
            ?? await _bench.Tracking.CreateExperimentAsync("e", null, null, Cancel);
        return (await _bench.Tracking.CreateRunAsync(new NewRun { ExperimentId = experiment }, Cancel)).Info.RunId;
    }

    private async Task<ModelVersion> RegisterAsync(string name = Name)
    {
        var run = await RunAsync();
        await ModelRegistration.UploadAsync(_bench.Tracking, run, Model(), Cancel);
        return await ModelRegistration.RegisterAsync(Registry, new NewModelVersion { Name = name, RunId = run }, Cancel);
    }
}
