using PvLakehouse.Engine.DuckDb.Statements;
using PvLakehouse.Engine.Sql.Parsing;
using PvLakehouse.Engine.Sql.Text;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine;

/// <summary>Sort orders as statements write them.</summary>
public static class SortText
{
    /// <summary>Reads an order such as <c>day DESC NULLS LAST, bucket(16, id), name</c>.</summary>
    /// <param name="schema">The columns that it may name.</param>
    /// <param name="text">The text behind ORDER BY.</param>
    /// <exception cref="SqlEngineException">The text is no order, or names a column that is not there.</exception>
    public static SortOrder Read(Schema schema, string text)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var reader = new TokenReader(text);
        var keys = TermParser.SortKeys(reader);
        reader.End();
        return NewColumns.Order(schema, keys);
    }
}
