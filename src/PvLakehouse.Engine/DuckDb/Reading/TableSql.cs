using PvLakehouse.Engine.DuckDb.Reading.Projection;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>Parts of statements that follow from a schema alone.</summary>
internal static class TableSql
{
    /// <summary>A SELECT of the columns without any row.</summary>
    public static string Empty(Schema schema) =>
        $"SELECT {SqlText.List(ReadTarget.Of(schema).Select(c => $"CAST(NULL AS {DuckDbTypes.Of(c.Field.Type)}) AS {SqlText.Name(c.Name)}"))} WHERE false";

    /// <summary>The names of the columns.</summary>
    public static string Columns(Schema schema) => SqlText.List(ReadTarget.Of(schema).Select(c => SqlText.Name(c.Name)));
}
