using System.Buffers;
using System.Text;

namespace PvLakehouse.Iceberg.Spec;

/// <summary>Strings as sequences of Unicode code points, which is how Iceberg orders and truncates them.</summary>
internal static class CodePoints
{
    /// <summary>Orders like UTF-8 bytes do; .NET's ordinal order differs for characters beyond U+FFFF.</summary>
    public static int Compare(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        return Weight(left[common]).CompareTo(Weight(right[common]));

        // Surrogates stand for code points above U+FFFF, so they come after U+E000..U+FFFF.
        static int Weight(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
    }

    /// <summary>The first code points of a string.</summary>
    public static string Prefix(string text, int codePoints)
    {
        var end = PrefixLength(text, codePoints);
        return end == text.Length ? text : text[..end];
    }

    public static int Count(string text)
    {
        var count = 0;
        for (var i = 0; i < text.Length; i += StepAt(text, i))
        {
            count++;
        }

        return count;
    }

    /// <summary>
    /// The smallest string of at most that many code points that is above every string with the same prefix, or null.
    /// </summary>
    public static string? Successor(string text, int codePoints)
    {
        var runes = new List<int>();
        for (var i = 0; i < text.Length && runes.Count < codePoints; i += StepAt(text, i))
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out _);
            runes.Add(rune.Value);
        }

        for (var last = runes.Count - 1; last >= 0; last--)
        {
            if (runes[last] == 0x10FFFF)
            {
                continue;
            }

            // U+D800..U+DFFF are no characters: the one after U+D7FF is U+E000.
            runes[last] = runes[last] == 0xD7FF ? 0xE000 : runes[last] + 1;
            var builder = new StringBuilder();
            foreach (var rune in runes.Take(last + 1))
            {
                builder.Append(new Rune(rune).ToString());
            }

            return builder.ToString();
        }

        return null;
    }

    private static int PrefixLength(string text, int codePoints)
    {
        var end = 0;
        for (var taken = 0; end < text.Length && taken < codePoints; taken++)
        {
            end += StepAt(text, end);
        }

        return end;
    }

    private static int StepAt(string text, int index) =>
        Rune.DecodeFromUtf16(text.AsSpan(index), out _, out var length) == OperationStatus.Done ? length : 1;
}
