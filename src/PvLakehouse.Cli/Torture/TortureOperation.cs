namespace PvLakehouse.Cli.Torture;

/// <summary>Something that is done to a lake again and again, and killed in the middle of it.</summary>
/// <param name="Name">What it is called in the report.</param>
/// <param name="Weight">How often it is chosen, relative to the others.</param>
/// <param name="Arguments">Its command line, without the lake.</param>
internal sealed record TortureOperation(string Name, int Weight, Func<Random, IReadOnlyList<string>> Arguments);
