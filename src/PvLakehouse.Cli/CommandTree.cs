using System.CommandLine;
using PvLakehouse.Cli.Commands;
using PvLakehouse.Cli.Commands.Keeping;
using PvLakehouse.Cli.Commands.Ml;
using PvLakehouse.Cli.Commands.Tables;

namespace PvLakehouse.Cli;

/// <summary>All commands.</summary>
internal static class CommandTree
{
    public static RootCommand Build()
    {
        var root = new RootCommand("PV Lakehouse: energy, weather and air quality of solar farms in Apache Iceberg tables.")
        {
            DemoCommand.Build(),
            RunCommand.Build(),
            PlanCommand.Build(),
            BronzeCommand.Build(),
            ModelCommands.BuildSilver(),
            ModelCommands.BuildGold(),
            CheckCommand.Build(),
            AuditCommand.Build(),
            RevisionsCommand.Build(),
            SqlCommand.Build(),
            TablesCommand.Build(),
            TableCommand.Build(),
            ExportCommand.Build(),
            BackupCommand.Build(),
            RestoreCommand.Build(),
            RebuildCommand.Build(),
            DeleteDataCommand.Build(),
            PurgeCommand.Build(),
            MlCommand.Build(),
            SandboxCommand.Build(),
            TortureCommand.Build(),
        };
        root.Options.Add(CommonOptions.Lake);
        root.Options.Add(CommonOptions.Warehouse);
        root.Options.Add(CommonOptions.Catalog);
        root.Options.Add(CommonOptions.S3Endpoint);
        root.Options.Add(CommonOptions.Config);
        root.Options.Add(CommonOptions.Format);
        return root;
    }
}
