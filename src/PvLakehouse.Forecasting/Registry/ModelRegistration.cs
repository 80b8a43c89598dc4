using System.Text;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Tracking.Search;

namespace PvLakehouse.Forecasting.Registry;

/// <summary>Keeps models with their runs and makes versions of them; every step may be repeated, and what is there is found
/// again.</summary>
public static class ModelRegistration
{
    /// <summary>Uploads a model's files to its run, <c>MLmodel</c> last.</summary>
    public static async Task UploadAsync(
        ITrackingStore tracking, string runId, ModelContent model, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tracking);
        ArgumentNullException.ThrowIfNull(model);
        foreach (var (path, content) in ModelFolder.Files(runId, model))
        {
            using var bytes = new MemoryStream(content.ToArray(), writable: false);
            await tracking.UploadArtifactAsync(runId, $"{model.ArtifactPath}/{path}", bytes, cancellationToken);
        }
    }

    /// <summary>Finds the version that was made of a run's folder, or makes it, and the registered model when there is none.</summary>
    /// <remarks>Two processes that register the same folder at the same moment may make two; a run belongs to one process.</remarks>
    public static async Task<ModelVersion> RegisterAsync(
        IModelRegistry registry, NewModelVersion version, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(version);
        await EnsureModelAsync(registry, version.Name, cancellationToken);
        var ofRun = new SearchQuery { Filter = $"name = {FilterText.Quote(version.Name)} and run_id = {FilterText.Quote(version.RunId)}" };
        await foreach (var found in Paging.AllAsync(ofRun, registry.SearchModelVersionsAsync, cancellationToken))
        {
            if (found.Source.EndsWith($"/{version.RunId}/artifacts/{version.ArtifactPath}", StringComparison.Ordinal))
            {
                return found;
            }
        }

        return await registry.CreateModelVersionAsync(version, cancellationToken);
    }

    /// <summary>Reads how a version is to be loaded; its other files are then opened with
    /// <see cref="IModelRegistry.OpenFileAsync"/>.</summary>
    /// <exception cref="TrackingException">There is no such version, or it has no <c>MLmodel</c> that can be used here.</exception>
    public static async Task<MlModelFile> ReadAsync(
        IModelRegistry registry, string name, int version, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        using var text = new StreamReader(
            await registry.OpenFileAsync(name, version, MlModelFile.FileName, cancellationToken), Encoding.UTF8);
        return MlModelFile.Parse(await text.ReadToEndAsync(cancellationToken));
    }

    private static async Task EnsureModelAsync(IModelRegistry registry, string name, CancellationToken cancellationToken)
    {
        try
        {
            await registry.GetRegisteredModelAsync(name, cancellationToken);
        }
        catch (TrackingException e) when (e.Fault == TrackingFault.ResourceDoesNotExist)
        {
            try
            {
                await registry.CreateRegisteredModelAsync(name, cancellationToken: cancellationToken);
            }
            catch (TrackingException taken) when (taken.Fault == TrackingFault.ResourceAlreadyExists)
            {
                // Another process was faster.
            }
        }
    }
}
