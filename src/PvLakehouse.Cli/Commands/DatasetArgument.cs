using System.CommandLine;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Cli.Commands;

/// <summary>The argument that names a dataset of a layer.</summary>
internal static class DatasetArgument
{
    public static Argument<string> Of(string layer)
    {
        var argument = new Argument<string>("dataset") { Description = string.Join(", ", Datasets.Of(layer)) };
        argument.AcceptOnlyFromAmong([.. Datasets.Of(layer)]);
        return argument;
    }
}
