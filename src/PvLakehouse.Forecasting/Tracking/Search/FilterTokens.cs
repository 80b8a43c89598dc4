using System.Globalization;

namespace PvLakehouse.Forecasting.Tracking.Search;

/// <summary>Kinds of tokens of the filter language.</summary>
internal enum TokenKind
{
    Word,
    Quoted,
    Backquoted,
    Number,
    Sign,
    End,
}

/// <summary>A token.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text, without quotes.</param>
/// <param name="Position">Where it begins [characters].</param>
internal readonly record struct FilterToken(TokenKind Kind, string Text, int Position)
{
    public bool IsWord(string word) => Kind == TokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Kind == TokenKind.End ? "the end" : $"'{Text}'";
}

/// <summary>Cuts a filter into tokens.</summary>
internal static class FilterTokens
{
    private static readonly string[] Signs = ["!=", "<=", ">=", "=", "<", ">", "(", ")", ",", "."];

    public static List<FilterToken> Of(string filter)
    {
        var tokens = new List<FilterToken>();
        var at = 0;
        while (true)
        {
            while (at < filter.Length && char.IsWhiteSpace(filter[at]))
            {
                at++;
            }

            if (at == filter.Length)
            {
                tokens.Add(new FilterToken(TokenKind.End, "", at));
                return tokens;
            }

            var (token, length) = Next(filter, at);
            tokens.Add(token);
            at += length;
        }
    }

    private static (FilterToken Token, int Length) Next(string filter, int at)
    {
        var first = filter[at];
        if (first is '\'' or '"' or '`')
        {
            var end = filter.IndexOf(first, at + 1);
            return end >= 0
                ? (new(first == '`' ? TokenKind.Backquoted : TokenKind.Quoted, filter[(at + 1)..end], at), end + 1 - at)
                : throw Refuse(filter, $"the quote {first} at character {Number(at)} is not closed");
        }

        if (char.IsAsciiDigit(first) || (first is '-' or '+' or '.' && at + 1 < filter.Length && (char.IsAsciiDigit(filter[at + 1]))))
        {
            var end = at + 1;
            while (end < filter.Length
                && (char.IsAsciiLetterOrDigit(filter[end]) || filter[end] == '.'
                    || (filter[end] is '-' or '+' && filter[end - 1] is 'e' or 'E')))
            {
                end++;
            }

            return (new(TokenKind.Number, filter[at..end], at), end - at);
        }

        if (char.IsLetter(first) || first == '_')
        {
            var end = at;
            while (end < filter.Length && (char.IsLetterOrDigit(filter[end]) || filter[end] == '_'))
            {
                end++;
            }

            return (new(TokenKind.Word, filter[at..end], at), end - at);
        }

        return Array.Find(Signs, s => string.CompareOrdinal(filter, at, s, 0, s.Length) == 0) is { } sign
            ? (new(TokenKind.Sign, sign, at), sign.Length)
            : throw Refuse(filter, $"'{first}' at character {Number(at)} has no meaning in it");
    }

    internal static TrackingException Refuse(string filter, string problem) =>
        TrackingRules.Invalid($"The filter or order \"{filter}\" cannot be used: {problem}.");

    private static string Number(int at) => at.ToString(CultureInfo.InvariantCulture);
}
