using System.CommandLine;
using System.Globalization;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Forecasting.Features;

namespace PvLakehouse.Cli.Commands.Ml;

/// <summary><c>pvlake ml features</c>: makes the feature table, or lists what it is made of.</summary>
internal static class FeaturesCommand
{
    private static readonly string[] Columns = ["feature", "unit", "category", "known_at", "formula"];

    private static readonly Option<bool> List = new("--list") { Description = "List the features and change nothing." };

    public static Command Build() => new Command("features", "Writes ml.forecast_features; features that were not known in time are refused by name.")
    {
        List, MlOptions.FeatureSet, MlOptions.Horizons, MlOptions.Weather, CommonOptions.Facilities, CommonOptions.Start, CommonOptions.End,
    }
        .Does(RunAsync);

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var set = await MlOptions.FeatureSetAsync(line, cancellationToken);
        if (line.GetValue(List))
        {
            await new ResultPrinter(line.GetValue(CommonOptions.Format), Console.Out).PrintAsync(
                Columns,
                set.Features.Select(feature => (object?[])
                    [feature.Name, feature.Unit, feature.Category.ToString(), set.KnownAt(feature), feature.Formula]).ToAsyncEnumerable(),
                cancellationToken);
            return 0;
        }

        var request = MlOptions.Request(line);
        await using var lake = await OpenLake.ForWritingAsync(LakeConfiguration.Read(line), cancellationToken);
        var build = await new FeatureBuilder(lake.Lake, set).WriteAsync(request, cancellationToken);
        foreach (var horizon in request.Horizons.Where(horizon => build.Rows.ContainsKey(horizon.Name)))
        {
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{horizon.Name,-14} {build.Rows[horizon.Name],12:N0} rows   {horizon.Meaning}"));
        }

        foreach (var note in build.Notes)
        {
            await Console.Out.WriteLineAsync(note);
        }

        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{FeatureTable.Contract} has {set.Features.Count} features in snapshot {build.SnapshotId}, {build.Elapsed.TotalSeconds:0.0} s."));
        return 0;
    }
}
