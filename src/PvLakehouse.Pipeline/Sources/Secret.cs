namespace PvLakehouse.Pipeline.Sources;

/// <summary>A text that must never reach a log, a message or a file: it prints as three stars.</summary>
public sealed class Secret
{
    private readonly string _text;

    /// <summary>Wraps a key; surrounding white space, which a pasted key often carries, is removed.</summary>
    /// <exception cref="ArgumentException">The text is empty or blank, or holds a line break or control
    /// character.</exception>
    public Secret(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        _text = text.Trim();
        if (_text.Any(char.IsControl))
        {
            throw new ArgumentException("A key holds a line break or control character; expected one plain line.", nameof(text));
        }
    }

    /// <summary>The wrapped text, for the one place that sends it.</summary>
    internal string Reveal() => _text;

    /// <summary>Always "***".</summary>
    public override string ToString() => "***";
}
