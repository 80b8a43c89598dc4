namespace PvLakehouse.Pipeline.Tests.Models;

/// <summary>The test classes that share one <see cref="RecordedLake"/>.</summary>
[CollectionDefinition(nameof(RecordedLake))]
public sealed class RecordedLakeCollection : ICollectionFixture<RecordedLake>;
