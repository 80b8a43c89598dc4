using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using PvLakehouse.Forecasting.Tracking.Artifacts;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Forecasting.Tracking.Embedded;

/// <summary>Artifacts of the embedded store: files in the warehouse, each of which counts once its row is committed.</summary>
/// <remarks>
/// A file lies at <c>artifacts/{path}</c> of its run. Its replacement lies at <c>replaced/{path}</c> until it is replaced in turn, so that
/// one of both is always whole. A run is written by one process.
/// </remarks>
internal sealed class EmbeddedArtifacts(TrackingDatabase database, string warehouse, IFileIO files) : IDisposable
{
    private const int BufferSize = 128 * 1024;

    /// <summary>One upload at a time: two of the same path would write the same file.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);

    public async Task UploadAsync(string runId, string path, Stream content, CancellationToken cancellationToken)
    {
        TrackingRules.CheckArtifactPath(path);
        ArgumentNullException.ThrowIfNull(content);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var (run, before) = await database.ReadAsync(
                connection => (RunRows.Active(connection, warehouse, runId), Find(connection, runId, path)), cancellationToken);
            var place = before?.Place == $"artifacts/{path}" ? $"replaced/{path}" : $"artifacts/{path}";
            var (size, hash) = await WriteAsync(LocationOf(run, place), content, cancellationToken);
            var outcome = await database.WriteAsync(
                connection => Record(connection, runId, path, new Stored(place, size, hash)), cancellationToken);
            if ((outcome.IsKept ? before?.Place : place) is { } leftover)
            {
                await files.DeleteAsync(LocationOf(run, leftover), cancellationToken);
            }

            if (outcome.Version is { } version)
            {
                throw new TrackingException(
                    TrackingFault.InvalidState,
                    $"Artifact '{path}' belongs to version {version}, whose files do not change; make another version.");
            }
        }
        catch (IOException e)
        {
            throw new TrackingException(TrackingFault.TemporarilyUnavailable, $"Artifact '{path}' could not be kept: {e.Message}", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    public Task<IReadOnlyList<ArtifactFile>> ListAsync(string runId, string? folder, CancellationToken cancellationToken)
    {
        var prefix = ArtifactFolders.Prefix(folder);
        return database.ReadAsync(
            connection =>
            {
                _ = RunRows.Get(connection, warehouse, runId);
                return ArtifactFolders.Children(Below(connection, runId, prefix), prefix);
            },
            cancellationToken);
    }

    public async Task<Stream> OpenAsync(string runId, string path, CancellationToken cancellationToken)
    {
        TrackingRules.CheckArtifactPath(path);
        var location = await database.ReadAsync(
            connection => LocationOf(
                RunRows.Get(connection, warehouse, runId),
                (Find(connection, runId, path) ?? throw new TrackingException(
                    TrackingFault.ResourceDoesNotExist, $"The run '{runId}' has no artifact '{path}'.")).Place),
            cancellationToken);
        try
        {
            return await files.OpenReadAsync(location, cancellationToken);
        }
        catch (FileNotFoundException e)
        {
            throw new TrackingException(
                TrackingFault.ResourceDoesNotExist,
                $"Artifact '{path}' of run '{runId}' was removed from '{location}' by somebody else.",
                e);
        }
        catch (IOException e)
        {
            throw new TrackingException(TrackingFault.TemporarilyUnavailable, $"Artifact '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The files at any depth below a folder, given as a prefix.</summary>
    public static List<ArtifactFile> Below(SqliteConnection connection, string runId, string prefix) => connection.Query(
        "SELECT path, size FROM artifacts WHERE run_uuid = $run AND substr(path, 1, length($prefix)) = $prefix ORDER BY path",
        r => new ArtifactFile(r.GetString(0), IsDirectory: false, r.GetInt64(1)),
        ("$run", runId),
        ("$prefix", prefix));

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    /// <summary>Writes the bytes and forces them to the disk.</summary>
    private async Task<(long Size, string Hash)> WriteAsync(string location, Stream content, CancellationToken cancellationToken)
    {
        // What an upload that did not come to its end left behind; nothing names it.
        await files.DeleteAsync(location, cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = 0L;
        await using (var file = await files.CreateAsync(location, cancellationToken))
        {
            var buffer = new byte[BufferSize];
            while (await content.ReadAsync(buffer, cancellationToken) is var count and > 0)
            {
                hash.AppendData(buffer, 0, count);
                await file.Content.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                size += count;
            }

            await file.CompleteAsync(cancellationToken);
        }

        await files.PersistAsync([location], cancellationToken);
        return (size, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Lets a path name a new file, unless it names one with the same bytes already or may not change.</summary>
    private static Outcome Record(SqliteConnection connection, string runId, string path, Stored stored)
    {
        if (Find(connection, runId, path)?.Hash == stored.Hash)
        {
            return new Outcome(IsKept: false, Version: null);
        }

        if (connection.Scalar(
            """
            SELECT name || ' ' || version FROM model_versions
            WHERE run_id = $run AND substr($path, 1, length(artifact_path) + 1) = artifact_path || '/'
            """,
            ("$run", runId),
            ("$path", path)) is string version)
        {
            return new Outcome(IsKept: false, version);
        }

        connection.Execute(
            """
            INSERT INTO artifacts VALUES ($run, $path, $place, $size, $hash)
            ON CONFLICT DO UPDATE SET location = excluded.location, size = excluded.size, sha256 = excluded.sha256
            """,
            ("$run", runId),
            ("$path", path),
            ("$place", stored.Place),
            ("$size", stored.Size),
            ("$hash", stored.Hash));
        return new Outcome(IsKept: true, Version: null);
    }

    private static Stored? Find(SqliteConnection connection, string runId, string path) => connection.Query(
        "SELECT location, size, sha256 FROM artifacts WHERE run_uuid = $run AND path = $path",
        r => new Stored(r.GetString(0), r.GetInt64(1), r.GetString(2)),
        ("$run", runId),
        ("$path", path)).SingleOrDefault();

    private static string LocationOf(RunInfo run, string place) => $"{run.ArtifactUri[..^"/artifacts".Length]}/{place}";

    /// <summary>What became of an upload.</summary>
    /// <param name="IsKept">Whether the new file counts; else the one before does.</param>
    /// <param name="Version">The version whose file may not change; null when none forbids it.</param>
    private readonly record struct Outcome(bool IsKept, string? Version);

    /// <summary>A file of a run.</summary>
    /// <param name="Place">Where it is below the run's folder.</param>
    /// <param name="Size">Length [bytes].</param>
    /// <param name="Hash">SHA-256, in hexadecimal digits.</param>
    private sealed record Stored(string Place, long Size, string Hash);
}
