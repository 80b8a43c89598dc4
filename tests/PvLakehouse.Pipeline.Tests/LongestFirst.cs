using PvLakehouse.Pipeline.Tests.Runs;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(PvLakehouse.Pipeline.Tests.LongestFirst))]

namespace PvLakehouse.Pipeline.Tests;

/// <summary>Begins with the class that takes longest, so that it does not go on alone when all others are done.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(collection =>
            collection.TestCollectionDisplayName.Contains(nameof(IncrementalEqualsFullTests), StringComparison.Ordinal))];
}
