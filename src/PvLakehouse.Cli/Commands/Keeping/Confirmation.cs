using System.CommandLine;

namespace PvLakehouse.Cli.Commands.Keeping;

/// <summary>Makes sure that somebody means it.</summary>
internal static class Confirmation
{
    public static Option<bool> Yes() => new("--yes") { Description = "Do it without asking." };

    /// <summary>Asks for a word to be typed.</summary>
    /// <param name="question">What is about to happen.</param>
    /// <param name="word">What to type.</param>
    /// <param name="yes">Whether --yes was given.</param>
    /// <exception cref="LakeException">Nobody is there to ask, or something else was typed.</exception>
    public static async Task AskAsync(string question, string word, bool yes)
    {
        if (yes)
        {
            return;
        }

        if (Console.IsInputRedirected)
        {
            throw new LakeException($"{question} Nothing was done: nobody is there to confirm it; add --yes, or look first with "
                + "--dry-run.");
        }

        await Console.Error.WriteAsync($"{question} Type {word} to go on: ");
        if (await Console.In.ReadLineAsync() != word)
        {
            throw new LakeException("Nothing was done.");
        }
    }
}
