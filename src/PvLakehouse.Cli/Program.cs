using System.CommandLine;
using PvLakehouse.Cli;

var root = CommandTree.Build();
return await root.Parse(args).InvokeAsync(new InvocationConfiguration
{
    // Faults are told by Faults.Guard, one sentence each; what it does not know should show its stack.
    EnableDefaultExceptionHandler = false,
    ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
});
