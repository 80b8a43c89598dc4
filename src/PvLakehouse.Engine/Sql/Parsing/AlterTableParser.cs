using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Engine.Sql.Text;

namespace PvLakehouse.Engine.Sql.Parsing;

/// <summary>ALTER TABLE, with the extensions of Spark and Trino for Iceberg.</summary>
internal static class AlterTableParser
{
    /// <summary>Behind ALTER.</summary>
    public static AlterTableStatement Parse(TokenReader reader)
    {
        reader.Expect("TABLE");
        var ifExists = reader.Take("IF", "EXISTS");
        var table = TargetParser.Table(reader);
        var action = Action(reader);
        reader.End();
        return new AlterTableStatement(table, ifExists, action);
    }

    private static AlterAction Action(TokenReader reader)
    {
        if (reader.Take("ADD"))
        {
            return reader.Take("PARTITION", "FIELD") ? AddPartitionField(reader) : AddColumns(reader);
        }

        if (reader.Take("DROP"))
        {
            return Drop(reader);
        }

        if (reader.Take("RENAME"))
        {
            return Rename(reader);
        }

        if (reader.Take("ALTER"))
        {
            _ = reader.Take("COLUMN");
            return AlterColumn(reader, reader.Path("a column"));
        }

        if (reader.Take("SET"))
        {
            return Set(reader);
        }

        if (reader.Take("UNSET"))
        {
            reader.Expect("TBLPROPERTIES");
            var ifExists = reader.Take("IF", "EXISTS");
            return new AlterAction.UnsetProperties(PropertyParser.SparkKeys(reader), ifExists);
        }

        if (reader.Take("REPLACE"))
        {
            return reader.Take("PARTITION", "FIELD") ? ReplacePartitionField(reader) : RefParser.Create(reader, RefCreation.Replace);
        }

        if (reader.Take("WRITE"))
        {
            return Write(reader);
        }

        if (reader.Take("CREATE"))
        {
            return RefParser.Create(reader, reader.Take("OR", "REPLACE") ? RefCreation.CreateOrReplace : RefCreation.Create);
        }

        return reader.Take("EXECUTE")
            ? Execute(reader)
            : throw reader.Unexpected("ADD, DROP, RENAME, ALTER COLUMN, SET, UNSET, REPLACE, WRITE, CREATE or EXECUTE");
    }

    private static AlterAction.AddColumns AddColumns(TokenReader reader)
    {
        _ = reader.Take("COLUMNS") || reader.Take("COLUMN");
        var ifNotExists = reader.Take("IF", "NOT", "EXISTS");
        var several = reader.Take("(");
        var columns = new List<ColumnDefinition>();
        do
        {
            columns.Add(CreateParser.Column(reader, spark: several, placed: true));
        }
        while (reader.Take(","));
        if (several)
        {
            reader.Expect(")");
        }

        return new AlterAction.AddColumns(columns, ifNotExists);
    }

    private static AlterAction Drop(TokenReader reader)
    {
        if (reader.Take("PARTITION", "FIELD"))
        {
            var (term, name) = TermOrName(reader);
            return new AlterAction.DropPartitionField(term, name);
        }

        if (reader.Take("IDENTIFIER", "FIELDS"))
        {
            return new AlterAction.DropIdentifierFields(Columns(reader));
        }

        if (reader.Take("BRANCH"))
        {
            return RefParser.Drop(reader, isBranch: true);
        }

        if (reader.Take("TAG"))
        {
            return RefParser.Drop(reader, isBranch: false);
        }

        if (!reader.Take("COLUMN") && !reader.Take("COLUMNS"))
        {
            throw reader.Unexpected("COLUMN, PARTITION FIELD, IDENTIFIER FIELDS, BRANCH or TAG");
        }

        var ifExists = reader.Take("IF", "EXISTS");
        var several = reader.Take("(");
        var columns = new List<IReadOnlyList<string>>();
        do
        {
            columns.Add(reader.Path("a column"));
        }
        while (reader.Take(","));
        if (several)
        {
            reader.Expect(")");
        }

        return new AlterAction.DropColumns(columns, ifExists);
    }

    private static AlterAction Rename(TokenReader reader)
    {
        if (reader.Take("TO"))
        {
            return new AlterAction.RenameTable(TargetParser.Table(reader));
        }

        if (!reader.Take("COLUMN"))
        {
            throw reader.Unexpected("TO or COLUMN");
        }

        var column = reader.Path("a column");
        reader.Expect("TO");
        return new AlterAction.RenameColumn(column, reader.Name("a column"));
    }

    private static AlterAction AlterColumn(TokenReader reader, IReadOnlyList<string> column)
    {
        if (reader.Take("SET", "NOT", "NULL"))
        {
            return new AlterAction.SetRequired(column, Required: true);
        }

        if (reader.Take("DROP", "NOT", "NULL"))
        {
            return new AlterAction.SetRequired(column, Required: false);
        }

        if (reader.Take("COMMENT"))
        {
            return new AlterAction.SetColumnComment(column, reader.Text("a comment in quotes"));
        }

        if (reader.Take("TYPE") || reader.Take("SET", "DATA", "TYPE"))
        {
            return new AlterAction.SetColumnType(column, new TypeParser(reader, spark: false).Read());
        }

        return CreateParser.Place(reader) is { } place
            ? new AlterAction.MoveColumn(column, place)
            : throw reader.Unexpected("TYPE, SET DATA TYPE, SET NOT NULL, DROP NOT NULL, COMMENT, FIRST or AFTER");
    }

    private static AlterAction Set(TokenReader reader)
    {
        if (reader.Take("TBLPROPERTIES"))
        {
            return new AlterAction.SetProperties(PropertyParser.Spark(reader));
        }

        if (reader.Take("PROPERTIES"))
        {
            return PropertyParser.Changes(reader, PropertyParser.Trino(reader));
        }

        return reader.Take("IDENTIFIER", "FIELDS")
            ? new AlterAction.SetIdentifierFields(Columns(reader))
            : throw reader.Unexpected("TBLPROPERTIES, PROPERTIES or IDENTIFIER FIELDS");
    }

    private static AlterAction.AddPartitionField AddPartitionField(TokenReader reader)
    {
        var term = TermParser.Term(reader);
        return new AlterAction.AddPartitionField(term, reader.Take("AS") ? reader.Name("the name of a partition field") : null);
    }

    private static AlterAction.ReplacePartitionField ReplacePartitionField(TokenReader reader)
    {
        var (term, name) = TermOrName(reader);
        reader.Expect("WITH");
        var with = TermParser.Term(reader);
        return new AlterAction.ReplacePartitionField(
            term, name, with, reader.Take("AS") ? reader.Name("the name of a partition field") : null);
    }

    /// <summary>A word alone may be a partition field's name or a column that is a partition field as it is.</summary>
    private static (Term? Term, string? Name) TermOrName(TokenReader reader)
    {
        var term = TermParser.Term(reader);
        return term.Transform.Kind == Iceberg.Spec.TransformKind.Identity ? (term, term.Column) : (term, null);
    }

    private static AlterAction.SetOrder Write(TokenReader reader)
    {
        if (reader.Take("UNORDERED"))
        {
            return new AlterAction.SetOrder([]);
        }

        if (reader.At("DISTRIBUTED") || reader.At("LOCALLY"))
        {
            throw reader.Error($"WRITE {reader.Current.Value.ToUpperInvariant()} is not supported: one process writes; expected WRITE ORDERED BY or WRITE UNORDERED.");
        }

        reader.Expect("ORDERED", "BY");
        var several = reader.Take("(");
        var keys = TermParser.SortKeys(reader);
        if (several)
        {
            reader.Expect(")");
        }

        return new AlterAction.SetOrder(keys);
    }

    private static AlterAction.Execute Execute(TokenReader reader)
    {
        var procedure = reader.Name("a procedure").ToLowerInvariant();
        var arguments = reader.At("(") ? ArgumentParser.Parse(reader) : [];
        return new AlterAction.Execute(procedure, arguments, reader.Take("WHERE") ? reader.Rest("a condition") : null);
    }

    private static List<string> Columns(TokenReader reader)
    {
        var columns = new List<string>();
        do
        {
            columns.Add(string.Join('.', reader.Path("a column")));
        }
        while (reader.Take(","));
        return columns;
    }
}
