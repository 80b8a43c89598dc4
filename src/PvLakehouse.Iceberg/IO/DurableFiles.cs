using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PvLakehouse.Iceberg.IO;

/// <summary>Forces files and folder entries to the disk.</summary>
internal static partial class DurableFiles
{
    public static void SyncFile(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>
    /// Makes a new name in a folder durable: on Unix a file can be on the disk while its name is not.
    /// </summary>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            // NTFS journals names together with the file.
            return;
        }

        const int readOnly = 0;
        using var handle = new SafeFileHandle(OpenFile(path, readOnly), ownsHandle: true);
        if (handle.IsInvalid || FlushFile(handle) != 0)
        {
            throw new IOException(
                $"Folder '{path}' could not be forced to the disk (errno {Marshal.GetLastPInvokeError()}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FlushFile(SafeFileHandle handle);
}
