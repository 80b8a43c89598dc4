using System.Globalization;
using PvLakehouse.Engine.Sql.Text;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Sql.Parsing;

/// <summary>Column types in the spellings of Trino, Spark and DuckDB.</summary>
/// <remarks>
/// They differ in one word: TIMESTAMP is a wall clock for Trino, DuckDB and the SQL standard, but an instant for Spark. A
/// statement that says USING iceberg or ADD COLUMNS (...) is Spark's, and there TIMESTAMP is timestamptz, so that it makes
/// the same column here.
/// </remarks>
internal sealed class TypeParser(TokenReader reader, bool spark)
{
    private int _nextId = 1_000_000;

    /// <summary>Reads a type. Ids of nested fields are unique in it and mean nothing else.</summary>
    /// <exception cref="SqlEngineException">There is no such type.</exception>
    public IcebergType Read()
    {
        var type = One();
        while (reader.Take("["))
        {
            reader.Expect("]");
            type = new ListType(_nextId++, type, ElementRequired: false);
        }

        return type;
    }

    private IcebergType One()
    {
        var at = reader.Current;
        var name = reader.Name("a type").ToUpperInvariant();
        switch (name)
        {
            case "BOOLEAN" or "BOOL":
                return IcebergType.Boolean;
            case "TINYINT" or "SMALLINT" or "INT" or "INTEGER" or "BYTE" or "SHORT" or "INT2" or "INT4" or "UTINYINT" or "USMALLINT":
                return IcebergType.Int;
            case "BIGINT" or "LONG" or "INT8" or "UINTEGER":
                return IcebergType.Long;
            case "REAL" or "FLOAT" or "FLOAT4":
                return IcebergType.Float;
            case "DOUBLE" or "FLOAT8":
                _ = reader.Take("PRECISION");
                return IcebergType.Double;
            case "UBIGINT":
                return IcebergType.Decimal(20, 0);
            case "HUGEINT":
                // Sums of whole numbers are of this type; larger ones than 38 digits are an error when they are written.
                return IcebergType.Decimal(38, 0);
            case "DECIMAL" or "NUMERIC" or "DEC":
                return Decimal(at);
            case "DATE":
                return IcebergType.Date;
            case "TIME":
                Precision(at);
                return IcebergType.Time;
            case "TIMESTAMP" or "DATETIME":
                return Timestamp(at);
            case "TIMESTAMPTZ" or "TIMESTAMP_LTZ":
                return IcebergType.TimestampTz;
            case "TIMESTAMP_NTZ" or "TIMESTAMP_S" or "TIMESTAMP_MS":
                return IcebergType.Timestamp;
            case "STRING" or "TEXT" or "VARCHAR" or "CHAR":
                return Text(name);
            case "UUID":
                return IcebergType.Uuid;
            case "BINARY" or "VARBINARY" or "BLOB" or "BYTEA":
                return IcebergType.Binary;
            case "FIXED":
                reader.Expect("(");
                var length = (int)reader.Whole("a length in bytes");
                reader.Expect(")");
                return IcebergType.Fixed(length);
            case "STRUCT" or "ROW":
                return Struct();
            case "ARRAY" or "LIST":
                return List();
            case "MAP":
                return Map();
            default:
                throw SqlSyntax.Error(reader.Sql, at.Start,
                    $"'{at.Value}' is no type of a column; expected boolean, int, bigint, float, double, decimal(p, s), date, time, timestamp, "
                    + "timestamp with time zone, varchar, uuid, varbinary, struct, array or map.");
        }
    }

    private PrimitiveType Decimal(SqlToken at)
    {
        var (precision, scale) = (38L, 0L);
        if (reader.Take("("))
        {
            precision = reader.Whole("a number of digits");
            scale = reader.Take(",") ? reader.Whole("a number of digits behind the point") : 0;
            reader.Expect(")");
        }

        return precision is >= 1 and <= 38 && scale <= precision
            ? IcebergType.Decimal((int)precision, (int)scale)
            : throw SqlSyntax.Error(reader.Sql, at.Start, string.Create(CultureInfo.InvariantCulture,
                $"decimal({precision}, {scale}) is not possible; expected 1 to 38 digits, and no more of them behind the point."));
    }

    private PrimitiveType Timestamp(SqlToken at)
    {
        Precision(at);
        if (reader.Take("WITH", "TIME", "ZONE") || reader.Take("WITH", "LOCAL", "TIME", "ZONE"))
        {
            return IcebergType.TimestampTz;
        }

        return !reader.Take("WITHOUT", "TIME", "ZONE") && spark ? IcebergType.TimestampTz : IcebergType.Timestamp;
    }

    /// <summary>Iceberg's times are in microseconds; coarser ones fit, finer ones do not.</summary>
    private void Precision(SqlToken at)
    {
        if (reader.Take("("))
        {
            var digits = reader.Whole("a number of digits");
            reader.Expect(")");
            if (digits > 6)
            {
                throw SqlSyntax.Error(reader.Sql, at.Start, string.Create(CultureInfo.InvariantCulture,
                    $"{at.Value}({digits}) is finer than the microseconds of Iceberg tables; expected 6 digits or fewer."));
            }
        }
    }

    private PrimitiveType Text(string name)
    {
        if (name is "VARCHAR" or "CHAR" && reader.Take("("))
        {
            throw reader.Error($"Iceberg texts have no length that could be limited; write {name} or string without one.");
        }

        return IcebergType.String;
    }

    private StructType Struct()
    {
        var angle = reader.Take("<");
        if (!angle)
        {
            reader.Expect("(");
        }

        var fields = new List<NestedField>();
        do
        {
            var name = reader.Name("a field");
            _ = reader.Take(":");
            var type = Read();
            var required = reader.Take("NOT", "NULL");
            var comment = reader.Take("COMMENT") ? reader.Text("a comment in quotes") : null;
            fields.Add(new NestedField(_nextId++, name, type, required, comment));
        }
        while (reader.Take(","));
        reader.Expect(angle ? ">" : ")");
        return new StructType(fields);
    }

    private ListType List()
    {
        var angle = Open();
        var element = Read();
        reader.Expect(angle ? ">" : ")");
        return new ListType(_nextId++, element, ElementRequired: false);
    }

    private MapType Map()
    {
        var angle = Open();
        var key = Read();
        reader.Expect(",");
        var value = Read();
        reader.Expect(angle ? ">" : ")");
        return new MapType(_nextId++, key, _nextId++, value, ValueRequired: false);
    }

    private bool Open()
    {
        if (reader.Take("<"))
        {
            return true;
        }

        reader.Expect("(");
        return false;
    }
}
