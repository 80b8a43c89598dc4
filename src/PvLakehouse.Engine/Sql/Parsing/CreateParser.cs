using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Engine.Sql.Text;

namespace PvLakehouse.Engine.Sql.Parsing;

/// <summary>CREATE and DROP of tables and namespaces.</summary>
internal static class CreateParser
{
    /// <summary>Behind CREATE.</summary>
    public static Statement Create(TokenReader reader)
    {
        var replace = reader.Take("OR", "REPLACE");
        if (!replace && (reader.Take("SCHEMA") || reader.Take("NAMESPACE") || reader.Take("DATABASE")))
        {
            return Schema(reader);
        }

        if (!reader.Take("TABLE"))
        {
            throw reader.Unexpected(replace ? "TABLE" : "TABLE or SCHEMA");
        }

        if (replace && reader.At("IF"))
        {
            throw reader.Error("IF NOT EXISTS has no meaning after OR REPLACE; leave out one of them.");
        }

        var ifNotExists = reader.Take("IF", "NOT", "EXISTS");
        var table = TargetParser.Table(reader);
        var spark = IsSpark(reader);
        var columns = reader.At("(") ? Columns(reader, spark) : [];
        var layout = Layout(reader);
        string? query = null;
        if (reader.Take("AS") || (columns.Count == 0 && (reader.At("SELECT") || reader.At("WITH"))))
        {
            query = reader.Rest("SELECT or VALUES");
        }

        reader.End("USING iceberg, PARTITIONED BY, WITH, TBLPROPERTIES, COMMENT, LOCATION, AS");
        if (query is null && columns.Count == 0)
        {
            throw reader.Unexpected("columns in parentheses, or AS SELECT");
        }

        if (query is not null && columns.Count > 0)
        {
            throw reader.Error("CREATE TABLE ... AS SELECT takes its columns from the query; leave out the column list.");
        }

        return new CreateTableStatement(table, replace, ifNotExists, columns, layout, query);
    }

    /// <summary>Behind DROP.</summary>
    public static Statement Drop(TokenReader reader)
    {
        if (reader.Take("SCHEMA") || reader.Take("NAMESPACE") || reader.Take("DATABASE"))
        {
            var schemaIfExists = reader.Take("IF", "EXISTS");
            var schema = TargetParser.Table(reader);
            if (reader.At("CASCADE"))
            {
                throw reader.Error("DROP SCHEMA ... CASCADE is not supported: drop the tables one by one.");
            }

            _ = reader.Take("RESTRICT");
            reader.End();
            return new DropSchemaStatement(schema, schemaIfExists);
        }

        if (!reader.Take("TABLE"))
        {
            throw reader.Unexpected("TABLE or SCHEMA");
        }

        var ifExists = reader.Take("IF", "EXISTS");
        var table = TargetParser.Table(reader);
        var purge = reader.Take("PURGE");
        reader.End("PURGE");
        return new DropTableStatement(table, ifExists, purge);
    }

    /// <summary>One column: name, type, NOT NULL, COMMENT, FIRST or AFTER.</summary>
    public static ColumnDefinition Column(TokenReader reader, bool spark, bool placed)
    {
        var path = reader.Path("a column");
        _ = reader.Take(":");
        var type = new TypeParser(reader, spark).Read();
        var required = false;
        string? comment = null;
        ColumnPlace? place = null;
        while (true)
        {
            if (reader.Take("NOT", "NULL"))
            {
                required = true;
            }
            else if (reader.Take("COMMENT"))
            {
                comment = reader.Text("a comment in quotes");
            }
            else if (placed && Place(reader) is { } found)
            {
                place = found;
            }
            else if (reader.At("DEFAULT") || reader.At("PRIMARY") || reader.At("UNIQUE") || reader.At("CHECK") || reader.At("REFERENCES"))
            {
                throw reader.Error($"{reader.Current.Value.ToUpperInvariant()} is not possible for columns of Iceberg tables of version 2.");
            }
            else if (!reader.Take("NULL"))
            {
                return new ColumnDefinition(path, type, required, comment, place);
            }
        }
    }

    /// <summary>FIRST or AFTER another column; null when neither comes next.</summary>
    public static ColumnPlace? Place(TokenReader reader)
    {
        if (reader.Take("FIRST"))
        {
            return new ColumnPlace(null);
        }

        return reader.Take("AFTER") ? new ColumnPlace(reader.Path("a column")[^1]) : null;
    }

    private static CreateSchemaStatement Schema(TokenReader reader)
    {
        var ifNotExists = reader.Take("IF", "NOT", "EXISTS");
        var name = TargetParser.Table(reader);
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!reader.AtEnd)
        {
            if (reader.Take("COMMENT"))
            {
                properties["comment"] = reader.Text("a comment in quotes");
            }
            else if (reader.Take("LOCATION"))
            {
                properties["location"] = reader.Text("a location in quotes");
            }
            else if (reader.Take("WITH") || reader.Take("DBPROPERTIES") || reader.Take("PROPERTIES"))
            {
                _ = reader.Take("DBPROPERTIES") || reader.Take("PROPERTIES");
                foreach (var (key, value) in PropertyParser.Spark(reader))
                {
                    properties[key] = value;
                }
            }
            else
            {
                reader.End("COMMENT, LOCATION, WITH");
            }
        }

        return new CreateSchemaStatement(name, ifNotExists, properties);
    }

    private static List<ColumnDefinition> Columns(TokenReader reader, bool spark)
    {
        reader.Expect("(");
        var columns = new List<ColumnDefinition>();
        do
        {
            var at = reader.Current;
            var column = Column(reader, spark, placed: false);
            if (column.Path.Count > 1 || columns.Exists(c => c.FullName.Equals(column.FullName, StringComparison.OrdinalIgnoreCase)))
            {
                throw SqlSyntax.Error(reader.Sql, at.Start, column.Path.Count > 1
                    ? $"'{column.FullName}' has dots; expected the name of a column."
                    : $"column '{column.FullName}' is defined twice.");
            }

            columns.Add(column);
        }
        while (reader.Take(","));
        reader.Expect(")");
        return columns;
    }

    private static TableLayout Layout(TokenReader reader)
    {
        IReadOnlyList<Term> partitioning = [];
        IReadOnlyList<SortKey> order = [];
        string? location = null;
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            if (reader.Take("USING"))
            {
                var format = reader.Current;
                if (!reader.Name("iceberg").Equals("iceberg", StringComparison.OrdinalIgnoreCase))
                {
                    throw SqlSyntax.Unexpected(reader.Sql, format, "iceberg");
                }
            }
            else if (reader.Take("PARTITIONED", "BY"))
            {
                reader.Expect("(");
                partitioning = TermParser.Terms(reader);
                reader.Expect(")");
            }
            else if (reader.Take("LOCATION"))
            {
                location = reader.Text("a location in quotes");
            }
            else if (reader.Take("COMMENT"))
            {
                properties["comment"] = reader.Text("a comment in quotes");
            }
            else if (reader.Take("TBLPROPERTIES"))
            {
                Add(properties, PropertyParser.Spark(reader));
            }
            else if (reader.At("WITH", "("))
            {
                reader.Expect("WITH", "(");
                var trino = PropertyParser.Layout(reader, PropertyParser.Trino(reader));
                reader.Expect(")");
                (partitioning, order, location) = (trino.Partitioning, trino.Order, trino.Location ?? location);
                Add(properties, trino.Properties);
            }
            else
            {
                return new TableLayout(partitioning, order, location, properties);
            }
        }
    }

    private static void Add(Dictionary<string, string> properties, IReadOnlyDictionary<string, string> more)
    {
        foreach (var (key, value) in more)
        {
            properties[key] = value;
        }
    }

    /// <summary>Whether USING iceberg follows the columns; it decides what TIMESTAMP means, see <see cref="TypeParser"/>.</summary>
    private static bool IsSpark(TokenReader reader)
    {
        for (var i = 0; reader.Peek(i).Kind != SqlTokenKind.End; i++)
        {
            if (reader.Peek(i).Is("USING") && reader.Peek(i + 1).Is("iceberg"))
            {
                return true;
            }

            if (reader.Peek(i).Is("AS"))
            {
                return false;
            }
        }

        return false;
    }
}
