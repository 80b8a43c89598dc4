using PvLakehouse.Iceberg.IO;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Keeping;

/// <summary>A lake with the places where its files are.</summary>
/// <param name="Lake">Catalog, engine and clock.</param>
/// <param name="Io">Storage of the tables and of the archive.</param>
/// <param name="Warehouse">Root of the tables; the archive of response bodies lies in <c>archive</c> below it.</param>
/// <param name="Folder">The lake's folder on this machine.</param>
/// <param name="Origin">Where the data come from, as the lake's marker says.</param>
public sealed record KeptLake(Lake Lake, IFileIO Io, string Warehouse, string Folder, string Origin)
{
    /// <summary>Root of the archived response bodies.</summary>
    public string Archive => $"{Warehouse.TrimEnd('/')}/archive";

    /// <summary>Root of what models leave: their tables, and the artifacts of runs beside these.</summary>
    public string Artifacts => $"{Warehouse.TrimEnd('/')}/ml";
}
