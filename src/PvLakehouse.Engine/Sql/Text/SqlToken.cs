using System.Runtime.InteropServices;

namespace PvLakehouse.Engine.Sql.Text;

/// <summary>What a piece of SQL text is.</summary>
internal enum SqlTokenKind
{
    /// <summary>A keyword or an unquoted name.</summary>
    Word,

    /// <summary>A name in double quotes or, as Spark writes it, in backticks.</summary>
    QuotedName,

    /// <summary>A text in single quotes, with or without escapes, or between dollar signs.</summary>
    Text,

    /// <summary>A number without sign.</summary>
    Number,

    /// <summary><c>$name</c>, <c>$1</c> or <c>?</c>.</summary>
    Parameter,

    /// <summary>One character of punctuation or of an operator, or the pairs <c>=&gt;</c> and <c>::</c>.</summary>
    Symbol,

    /// <summary>The end of the text.</summary>
    End,
}

/// <summary>A piece of SQL text that means something: white space and comments lie between tokens.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it begins, counted in characters from 0.</param>
/// <param name="Length">Its characters.</param>
/// <param name="Value">The text as written; for names and texts in quotes, what the quotes hold.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SqlToken(SqlTokenKind Kind, int Start, int Length, string Value)
{
    /// <summary>The first character behind it.</summary>
    public int End => Start + Length;

    /// <summary>Whether it is this keyword, in whatever case, or this symbol.</summary>
    public bool Is(string word) => Kind switch
    {
        SqlTokenKind.Word => Value.Equals(word, StringComparison.OrdinalIgnoreCase),
        SqlTokenKind.Symbol => Value.Equals(word, StringComparison.Ordinal),
        _ => false,
    };
}
