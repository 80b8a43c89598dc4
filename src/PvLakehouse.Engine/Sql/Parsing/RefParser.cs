using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Engine.Sql.Text;

namespace PvLakehouse.Engine.Sql.Parsing;

/// <summary>Branches and tags in ALTER TABLE, as Spark writes them.</summary>
internal static class RefParser
{
    /// <summary>Behind CREATE or REPLACE: <c>BRANCH name [AS OF VERSION id] [RETAIN n DAYS] [WITH SNAPSHOT RETENTION ...]</c>.</summary>
    public static AlterAction.CreateRef Create(TokenReader reader, RefCreation creation)
    {
        var isBranch = reader.Take("BRANCH");
        if (!isBranch && !reader.Take("TAG"))
        {
            throw reader.Unexpected(creation == RefCreation.Replace ? "PARTITION FIELD, BRANCH or TAG" : "BRANCH or TAG");
        }

        if (reader.Take("IF", "NOT", "EXISTS"))
        {
            creation = RefCreation.IfNotExists;
        }

        var name = Name(reader);
        long? snapshot = reader.Take("AS", "OF", "VERSION") ? reader.Whole("the id of a snapshot") : null;
        TimeSpan? maxRefAge = reader.Take("RETAIN") ? Age(reader) : null;
        int? minSnapshots = null;
        TimeSpan? maxSnapshotAge = null;
        if (isBranch && reader.Take("WITH", "SNAPSHOT", "RETENTION"))
        {
            if (reader.Peek(1).Is("SNAPSHOTS"))
            {
                minSnapshots = (int)Math.Min(int.MaxValue, reader.Whole("a number of snapshots"));
                reader.Expect("SNAPSHOTS");
                maxSnapshotAge = reader.Current.Kind == SqlTokenKind.Number ? Age(reader) : null;
            }
            else
            {
                maxSnapshotAge = Age(reader);
            }
        }

        return new AlterAction.CreateRef(isBranch, name, creation, snapshot, new RefRetention(maxRefAge, minSnapshots, maxSnapshotAge));
    }

    /// <summary>Behind DROP BRANCH or DROP TAG.</summary>
    public static AlterAction.DropRef Drop(TokenReader reader, bool isBranch)
    {
        var ifExists = reader.Take("IF", "EXISTS");
        return new AlterAction.DropRef(isBranch, Name(reader), ifExists);
    }

    private static string Name(TokenReader reader) =>
        reader.Current.Kind == SqlTokenKind.Text ? reader.Any().Value : reader.Name("the name of a branch or tag");

    private static TimeSpan Age(TokenReader reader)
    {
        var number = reader.Whole("a number of days, hours or minutes");
        var unit = reader.Current;
        _ = reader.Any();
        return unit.Value.ToUpperInvariant() switch
        {
            "DAYS" or "DAY" => TimeSpan.FromDays(number),
            "HOURS" or "HOUR" => TimeSpan.FromHours(number),
            "MINUTES" or "MINUTE" => TimeSpan.FromMinutes(number),
            _ => throw SqlSyntax.Unexpected(reader.Sql, unit, "DAYS, HOURS or MINUTES"),
        };
    }
}
