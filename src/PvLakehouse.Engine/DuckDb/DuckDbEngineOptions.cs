namespace PvLakehouse.Engine.DuckDb;

/// <summary>Where DuckDB may work and how much it may take.</summary>
public sealed record DuckDbEngineOptions
{
    /// <summary>Folder for what does not fit into memory; made when missing. Best on the disk of the lake.</summary>
    public required string TemporaryFolder { get; init; }

    /// <summary>
    /// Folders whose files SQL may read and write: the warehouse. The temporary folder is always allowed; everything
    /// else on the machine is out of reach of any statement.
    /// </summary>
    public required IReadOnlyList<string> AllowedFolders { get; init; }

    /// <summary>
    /// Folder for copies of data files of stores that are not on this machine; null takes <c>cache</c> in the temporary folder.
    /// It outlives the engine, and engines of several processes may share it.
    /// </summary>
    public string? CacheFolder { get; init; }

    /// <summary>Size of that folder [bytes]; more only while one statement needs more, default 10 GiB.</summary>
    public long CacheBytes { get; init; } = 10L * 1024 * 1024 * 1024;

    /// <summary>Relations that are computed from arguments; the names must be no table's.</summary>
    public IReadOnlyList<SqlTableFunction> TableFunctions { get; init; } = [];

    /// <summary>The clock, for procedures that tell old from young; the system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Threads of one session; null takes one for each processor.</summary>
    public int? Threads { get; init; }

    /// <summary>Memory of one session before it spills, in DuckDB's notation, for example <c>1GiB</c>.</summary>
    public string MemoryLimit { get; init; } = "1GiB";

    /// <summary>How often a write is done again from the new head when another writer was faster, 0 or more.</summary>
    public int ConflictRetries { get; init; } = 8;

    /// <summary><see cref="CacheFolder"/> or its default, as an absolute path.</summary>
    internal string CachePath => Path.GetFullPath(CacheFolder ?? Path.Combine(TemporaryFolder, "cache"));
}
