using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Engine.Sql.Text;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Sql.Parsing;

/// <summary>Partition fields and sort keys: <c>region</c>, <c>day(ts)</c>, <c>days(ts)</c>, <c>bucket(16, id)</c>, <c>bucket(id, 16)</c>.</summary>
internal static class TermParser
{
    public static Term Term(TokenReader reader)
    {
        var at = reader.Current;
        var path = reader.Path("a column or a transform");
        if (!reader.Take("("))
        {
            return new Term(string.Join('.', path), Transform.Identity);
        }

        var function = path[^1].ToUpperInvariant();
        long? number = reader.Current.Kind == SqlTokenKind.Number ? reader.Whole("a number") : null;
        if (number is not null)
        {
            reader.Expect(",");
        }

        var column = string.Join('.', reader.Path("a column"));
        if (number is null && reader.Take(","))
        {
            number = reader.Whole("a number");
        }

        reader.Expect(")");
        return new Term(column, Of(reader, at, function, number));
    }

    /// <summary>A partition field with the name that it may get by AS.</summary>
    public static IReadOnlyList<Term> Terms(TokenReader reader)
    {
        var terms = new List<Term>();
        do
        {
            terms.Add(Term(reader));
        }
        while (reader.Take(","));
        return terms;
    }

    /// <summary>Sort keys; ascending keys have nulls first and descending ones last, unless said otherwise.</summary>
    public static IReadOnlyList<SortKey> SortKeys(TokenReader reader)
    {
        var keys = new List<SortKey>();
        do
        {
            keys.Add(SortKey(reader));
        }
        while (reader.Take(","));
        return keys;
    }

    private static SortKey SortKey(TokenReader reader)
    {
        var term = Term(reader);
        var descending = reader.Take("DESC");
        _ = !descending && reader.Take("ASC");
        var nullsFirst = !descending;
        if (reader.Take("NULLS"))
        {
            nullsFirst = reader.Take("FIRST");
            if (!nullsFirst && !reader.Take("LAST"))
            {
                throw reader.Unexpected("FIRST or LAST");
            }
        }

        return new SortKey(term, descending, nullsFirst);
    }

    private static Transform Of(TokenReader reader, SqlToken at, string function, long? number)
    {
        var takesNumber = function is "BUCKET" or "TRUNCATE";
        if (takesNumber != number is not null || number is < 1 or > int.MaxValue)
        {
            throw SqlSyntax.Error(reader.Sql, at.Start, takesNumber
                ? $"{at.Value} needs a column and a number above 0, for example {at.Value}(16, id)."
                : $"{at.Value} takes one column and no number.");
        }

        return function switch
        {
            "IDENTITY" => Transform.Identity,
            "YEAR" or "YEARS" => Transform.Year,
            "MONTH" or "MONTHS" => Transform.Month,
            "DAY" or "DAYS" or "DATE" => Transform.Day,
            "HOUR" or "HOURS" or "DATE_HOUR" => Transform.Hour,
            "BUCKET" => Transform.Bucket((int)number!.Value),
            "TRUNCATE" => Transform.Truncate((int)number!.Value),
            "VOID" => Transform.Void,
            _ => throw SqlSyntax.Error(reader.Sql, at.Start,
                $"'{at.Value}' is no transform; expected identity, year, month, day, hour, bucket, truncate or void."),
        };
    }
}
