using System.CommandLine;

namespace PvLakehouse.Cli.Commands.Tables;

/// <summary><c>pvlake table</c>: looks at one table and keeps it in good order.</summary>
internal static class TableCommand
{
    public static Command Build() => new("table", "Looks at one table and keeps it in good order.")
    {
        InspectCommands.Build("history", "Lists which snapshot was current from when on.", InspectCommands.History),
        InspectCommands.Build("snapshots", "Lists the snapshots.", InspectCommands.Snapshots),
        InspectCommands.Build("files", "Lists data and delete files.", InspectCommands.Files),
        InspectCommands.Build("manifests", "Lists the manifests.", InspectCommands.Manifests),
        InspectCommands.Build(
            "partitions", "Lists the partitions with sums over their files.", InspectCommands.Partitions),
        InspectCommands.Build("refs", "Lists branches and tags.", InspectCommands.Refs),
        RefCommands.BuildBranch(),
        RefCommands.BuildTag(),
        RollbackCommand.Build(),
        ExpireCommand.Build(),
        CompactCommand.Build(),
        RemoveOrphansCommand.Build(),
    };
}
