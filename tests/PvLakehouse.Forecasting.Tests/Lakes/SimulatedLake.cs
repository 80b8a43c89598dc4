using PvLakehouse.Forecasting.Features;
using PvLakehouse.Pipeline.Runs;

[assembly: AssemblyFixture(typeof(PvLakehouse.Forecasting.Tests.Lakes.SimulatedLake))]

namespace PvLakehouse.Forecasting.Tests.Lakes;

/// <summary>
/// A lake of three simulated farms, two in the NEM and one in the WEM, from 1 January to 16 March 2025, with the weather as it was forecast and the
/// default features. Made once; tests only read it.
/// </summary>
public sealed class SimulatedLake : IAsyncLifetime
{
    public const string Nem = "AVLSF";
    public const string OtherNem = "LIMOSF2";
    public const string Wem = "MERSOLAR";

    private FarmLake? _farms;
    private FeatureBuild? _features;

    public TemporaryLake Files => _farms?.Files ?? throw new InvalidOperationException("The lake is not made yet.");

    public Lake Lake => Files.Lake;

    /// <summary>The feature table of all its hours.</summary>
    public FeatureBuild Features => _features ?? throw new InvalidOperationException("The features are not made yet.");

    public async ValueTask InitializeAsync()
    {
        _farms = await FarmLake.CreateAsync([Nem, OtherNem, Wem]);
        await _farms.LoadAsync(new(new(2025, 1, 1), new(2025, 3, 16)));
        _features = await new FeatureBuilder(Lake, FeatureCatalogue.Default).WriteAsync(new(), TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _farms?.DisposeAsync() ?? ValueTask.CompletedTask;
}
