using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Engine.Files;

/// <summary>Data files of a store as files of this machine, which is what the engine can open.</summary>
internal interface IDataFiles
{
    /// <summary>Makes files readable and keeps them so until the result is disposed.</summary>
    /// <param name="io">The store.</param>
    /// <param name="files">The files, which never change; the same one may be named twice.</param>
    /// <param name="cancellationToken">Stops the work; nothing stays held.</param>
    /// <exception cref="SqlEngineException">A file is not there, or is not as long as the table says.</exception>
    Task<LocalFiles> OpenAsync(IFileIO io, IReadOnlyList<StoredObject> files, CancellationToken cancellationToken);

    /// <summary>A folder on this machine for the files of one write, made anew; the caller removes it.</summary>
    /// <param name="dataRoot">Location of the folder of the table's data.</param>
    string NewWritingFolder(string dataRoot);

    /// <summary>Moves finished local files to their locations; when it returns they are whole and durable there.</summary>
    /// <remarks>A failure leaves no half-written file under a location; files that went before it stay for the caller to remove.</remarks>
    /// <exception cref="IOException">The store did not take a file.</exception>
    Task PublishAsync(IFileIO io, IReadOnlyList<FinishedFile> files, CancellationToken cancellationToken);
}

/// <summary>An immutable file of a store.</summary>
/// <param name="Location">Where it is.</param>
/// <param name="Size">Its length [bytes] as the table says.</param>
internal readonly record struct StoredObject(string Location, long Size);

/// <summary>A file that was written on this machine.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Location">Where it shall be.</param>
/// <param name="Size">Its length [bytes].</param>
internal readonly record struct FinishedFile(string Path, string Location, long Size);
