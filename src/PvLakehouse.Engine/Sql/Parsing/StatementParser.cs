using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Engine.Sql.Text;

namespace PvLakehouse.Engine.Sql.Parsing;

/// <summary>Recognises the statements that change Iceberg tables.</summary>
internal static class StatementParser
{
    private const string Known = "SELECT, INSERT, UPDATE, DELETE, MERGE, CREATE, ALTER, DROP, TRUNCATE or CALL";

    /// <summary>Parses one statement.</summary>
    /// <exception cref="SqlEngineException">It is not understood; the message says where and what was expected.</exception>
    public static Statement Parse(string sql)
    {
        var reader = new TokenReader(sql);
        var first = reader.Any();
        return first.Kind == SqlTokenKind.Word ? first.Value.ToUpperInvariant() switch
        {
            "INSERT" => RowStatementParser.Insert(reader),
            "DELETE" => RowStatementParser.Delete(reader),
            "UPDATE" => RowStatementParser.Update(reader),
            "MERGE" => MergeParser.Parse(reader),
            "TRUNCATE" => Truncate(reader),
            "CREATE" => CreateParser.Create(reader),
            "DROP" => CreateParser.Drop(reader),
            "ALTER" => AlterTableParser.Parse(reader),
            "CALL" => ArgumentParser.Call(reader),
            _ => throw SqlSyntax.Unexpected(sql, first, Known),
        } : throw SqlSyntax.Unexpected(sql, first, Known);
    }

    /// <summary>Removing every row, in another spelling.</summary>
    private static DeleteStatement Truncate(TokenReader reader)
    {
        reader.Expect("TABLE");
        var target = new Target(TargetParser.Table(reader), null, null);
        reader.End();
        return new DeleteStatement(target, null);
    }
}
