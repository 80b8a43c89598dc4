using PvLakehouse.Forecasting.Tracking;

namespace PvLakehouse.Forecasting.Registry;

/// <summary>Registered models, their versions and aliases, in MLflow's terms, wherever they are kept.</summary>
/// <remarks>
/// Safe for concurrent use. Every method throws <see cref="TrackingException"/>; what is not there is
/// <see cref="TrackingFault.ResourceDoesNotExist"/>. A write that has returned is kept. Names and aliases: <see cref="TrackingRules"/>.
/// </remarks>
public interface IModelRegistry
{
    /// <summary>Makes a model under a name; taken: <see cref="TrackingFault.ResourceAlreadyExists"/>.</summary>
    Task<RegisteredModel> CreateRegisteredModelAsync(
        string name, string? description = null, IReadOnlyDictionary<string, string>? tags = null,
        CancellationToken cancellationToken = default);

    /// <summary>A model by its name.</summary>
    Task<RegisteredModel> GetRegisteredModelAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Searches models by name and tags, in the order of their names unless asked otherwise.</summary>
    Task<Page<RegisteredModel>> SearchRegisteredModelsAsync(SearchQuery query, CancellationToken cancellationToken = default);

    /// <summary>Describes a model.</summary>
    Task<RegisteredModel> UpdateRegisteredModelAsync(string name, string description, CancellationToken cancellationToken = default);

    /// <summary>Gives a model another name; its versions and aliases go with it.</summary>
    Task<RegisteredModel> RenameRegisteredModelAsync(string name, string newName, CancellationToken cancellationToken = default);

    /// <summary>Removes a model with all versions and aliases; the files stay with their runs.</summary>
    Task DeleteRegisteredModelAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Sets a tag of a model.</summary>
    Task SetRegisteredModelTagAsync(string name, string key, string value, CancellationToken cancellationToken = default);

    /// <summary>Removes a tag of a model; one that is not there is no fault.</summary>
    Task DeleteRegisteredModelTagAsync(string name, string key, CancellationToken cancellationToken = default);

    /// <summary>Makes the next version of a model from files that a run has uploaded; every call makes one.</summary>
    /// <remarks>Use <see cref="ModelRegistration"/> to find the version that a run already has.</remarks>
    Task<ModelVersion> CreateModelVersionAsync(NewModelVersion version, CancellationToken cancellationToken = default);

    /// <summary>A version by its number.</summary>
    Task<ModelVersion> GetModelVersionAsync(string name, int version, CancellationToken cancellationToken = default);

    /// <summary>Searches versions by name, run_id, version_number, creation_timestamp, last_updated_timestamp and tags; the newest first
    /// unless asked otherwise.</summary>
    Task<Page<ModelVersion>> SearchModelVersionsAsync(SearchQuery query, CancellationToken cancellationToken = default);

    /// <summary>Describes a version.</summary>
    Task<ModelVersion> UpdateModelVersionAsync(
        string name, int version, string description, CancellationToken cancellationToken = default);

    /// <summary>Removes a version and its aliases; the files stay with their run, and its number is not given again.</summary>
    Task DeleteModelVersionAsync(string name, int version, CancellationToken cancellationToken = default);

    /// <summary>Sets a tag of a version.</summary>
    Task SetModelVersionTagAsync(string name, int version, string key, string value, CancellationToken cancellationToken = default);

    /// <summary>Removes a tag of a version; one that is not there is no fault.</summary>
    Task DeleteModelVersionTagAsync(string name, int version, string key, CancellationToken cancellationToken = default);

    /// <summary>Lets an alias name this version, and no longer the one that it named before.</summary>
    Task SetAliasAsync(string name, string alias, int version, CancellationToken cancellationToken = default);

    /// <summary>Removes an alias; one that is not there is no fault.</summary>
    Task DeleteAliasAsync(string name, string alias, CancellationToken cancellationToken = default);

    /// <summary>The version that an alias names; null when the model has no such alias, or there is no such model.</summary>
    Task<ModelVersion?> FindByAliasAsync(string name, string alias, CancellationToken cancellationToken = default);

    /// <summary>Moves a version to a stage, for servers older than aliases.</summary>
    /// <param name="name">The model.</param>
    /// <param name="version">The version.</param>
    /// <param name="stage">Where to.</param>
    /// <param name="archiveExisting">Whether the other versions of that stage move to <see cref="ModelStage.Archived"/>; only for Staging
    /// and Production.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<ModelVersion> TransitionStageAsync(
        string name, int version, ModelStage stage, bool archiveExisting, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets an alias name a version and records why: tags <c>pvlake.{alias}.reason</c>, <c>pvlake.{alias}.since</c> (instant, UTC) and
    /// <c>pvlake.{alias}.after</c> (the version before, if any) of the version.
    /// </summary>
    /// <remarks>
    /// Whoever reads the alias sees the version before or this one with its tags, never anything between: the embedded registry does it in
    /// one transaction, the client of a server sets the tags first and the alias last. Repeating it after a crash completes it; when the
    /// alias names the version already, nothing changes.
    /// </remarks>
    Task<ModelVersion> PromoteAsync(string name, int version, string alias, string reason, CancellationToken cancellationToken = default);

    /// <summary>Folder or URI where the files of a version are.</summary>
    Task<string> GetDownloadUriAsync(string name, int version, CancellationToken cancellationToken = default);

    /// <summary>All files of a version, at any depth, by path relative to its folder.</summary>
    Task<IReadOnlyList<ArtifactFile>> ListFilesAsync(string name, int version, CancellationToken cancellationToken = default);

    /// <summary>Opens a file of a version, for example <c>MLmodel</c>; the stream can seek.</summary>
    Task<Stream> OpenFileAsync(string name, int version, string path, CancellationToken cancellationToken = default);
}
