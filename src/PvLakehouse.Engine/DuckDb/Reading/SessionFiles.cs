using PvLakehouse.Engine.DuckDb.Reading.Shapes;
using PvLakehouse.Engine.Files;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>What all sessions of an engine share about files.</summary>
/// <param name="DataFiles">Opens and publishes them.</param>
/// <param name="Shapes">What is known of their columns.</param>
internal sealed record SessionFiles(IDataFiles DataFiles, FileShapes Shapes);
