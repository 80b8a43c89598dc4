using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>A file to read, and where it is on this machine.</summary>
internal sealed record ReadFile(DataFile File, PartitionSpec Spec, string Path);
