namespace PvLakehouse.Iceberg.Catalog;

/// <summary>A namespace: one or more levels, the outermost first.</summary>
public sealed record Namespace
{
    /// <summary>Names a namespace by its levels.</summary>
    /// <exception cref="ArgumentException">
    /// There is no level, or a level is empty or holds a control character.
    /// </exception>
    public Namespace(params IReadOnlyList<string> levels)
    {
        ArgumentNullException.ThrowIfNull(levels);
        if (levels.Count == 0)
        {
            throw new ArgumentException("A namespace needs at least one level.", nameof(levels));
        }

        foreach (var level in levels)
        {
            TableIdentifier.CheckName(level, "namespace level");
        }

        Levels = [.. levels];
    }

    /// <summary>The levels, the outermost first.</summary>
    public IReadOnlyList<string> Levels { get; }

    /// <summary>The namespace around this one; null at the top.</summary>
    public Namespace? Parent => Levels.Count == 1 ? null : new Namespace([.. Levels.Take(Levels.Count - 1)]);

    /// <summary>Reads levels joined by dots.</summary>
    public static Namespace Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new Namespace(text.Split('.'));
    }

    /// <summary>Whether the levels are the same.</summary>
    public bool Equals(Namespace? other) => other is not null && Levels.SequenceEqual(other.Levels, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(ToString(), StringComparison.Ordinal);

    /// <summary>The levels joined by dots.</summary>
    public override string ToString() => string.Join('.', Levels);
}

/// <summary>The name of a table in a catalog.</summary>
public sealed record TableIdentifier
{
    /// <summary>Names a table of a namespace.</summary>
    /// <exception cref="ArgumentException">The name is empty or holds a control character.</exception>
    public TableIdentifier(Namespace @namespace, string name)
    {
        ArgumentNullException.ThrowIfNull(@namespace);
        CheckName(name, "table name");
        Namespace = @namespace;
        Name = name;
    }

    /// <summary>The namespace that holds the table.</summary>
    public Namespace Namespace { get; }

    /// <summary>The name within the namespace.</summary>
    public string Name { get; }

    /// <summary>Reads <c>namespace.table</c>; all but the last part is the namespace.</summary>
    /// <exception cref="ArgumentException">There is no dot.</exception>
    public static TableIdentifier Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var dot = text.LastIndexOf('.');
        return dot < 0
            ? throw new ArgumentException($"'{text}' names no table; expected namespace.table.", nameof(text))
            : new TableIdentifier(Namespace.Parse(text[..dot]), text[(dot + 1)..]);
    }

    /// <summary>Namespace and name joined by dots.</summary>
    public override string ToString() => $"{Namespace}.{Name}";

    internal static void CheckName(string name, string what)
    {
        if (string.IsNullOrEmpty(name) || name.Any(char.IsControl))
        {
            throw new ArgumentException(
                $"'{name}' is no {what}: it is empty or holds a control character.", nameof(name));
        }
    }
}
