using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Commit;

/// <summary>Evolution of columns: the rules are those of the reference implementation's SchemaUpdate.</summary>
public sealed class UpdateSchemaTests
{
    // Ids are assigned level by level: id 1, data 2, point 3, points 4, codes 5, price 6, x 7, y 8, element 9, z 10, key 11, value 12, w 13.
    private static readonly Schema Nested = new(
    [
        NestedField.Mandatory(1, "id", IcebergType.Int),
        NestedField.Optional(2, "data", IcebergType.String, "text"),
        NestedField.Optional(3, "point", new StructType([NestedField.Mandatory(7, "x", IcebergType.Float), NestedField.Mandatory(8, "y", IcebergType.Float)])),
        NestedField.Optional(4, "points", new ListType(9, new StructType([NestedField.Optional(10, "z", IcebergType.Int)]), ElementRequired: true)),
        NestedField.Optional(5, "codes", new MapType(11, IcebergType.String, 12, new StructType([NestedField.Optional(13, "w", IcebergType.Int)]), ValueRequired: false)),
        NestedField.Optional(6, "price", IcebergType.Decimal(9, 2)),
    ]);

    [Fact]
    public async Task Columns_are_added_at_every_level_with_ids_never_used_before()
    {
        var table = await CreateAsync();
        await table.UpdateSchema()
            .AddColumn("n", IcebergType.Long, "a number")
            .AddColumn("point", "z", IcebergType.Float)
            .AddColumn("points", "t", IcebergType.Int)
            .AddColumn("codes", "v", new StructType([NestedField.Optional(1, "a", IcebergType.Int), NestedField.Optional(2, "b", new ListType(3, IcebergType.Int, ElementRequired: false))]))
            .CommitAsync(TestTable.Cancel);

        // A new column gets its id before what is nested in it.
        var schema = table.Schema;
        Assert.Equal(
            [("n", 14), ("point.z", 15), ("points.element.t", 16), ("codes.value.v", 17), ("codes.value.v.a", 18), ("codes.value.v.b", 19), ("codes.value.v.b.element", 20)],
            schema.AllFields.Where(f => f.Id > 13).OrderBy(f => f.Id).Select(f => (f.FullName, f.Id)));
        Assert.Equal((20, 1, 1), (table.Metadata.LastColumnId, schema.SchemaId, table.Metadata.CurrentSchemaId));
        Assert.Equal(("a number", false), (schema.Find("n")!.Field.Doc, schema.Find("n")!.Field.Required));

        await table.UpdateSchema().DropColumn("n").CommitAsync(TestTable.Cancel);
        await table.UpdateSchema().AddColumn("n", IcebergType.Int).CommitAsync(TestTable.Cancel);
        Assert.Equal(21, table.Schema.Find("n")!.Id);
    }

    [Fact]
    public async Task Columns_are_renamed_dropped_widened_and_documented_keeping_their_ids()
    {
        var table = await CreateAsync();
        await table.UpdateSchema()
            .RenameColumn("data", "text").UpdateDoc("data", null)
            .RenameColumn("point.x", "lon").UpdateColumnType("point.x", IcebergType.Double)
            .UpdateColumnType("id", IcebergType.Long).MakeOptional("id")
            .UpdateColumnType("price", IcebergType.Decimal(12, 2))
            .UpdateColumnType("points.element.z", IcebergType.Long)
            .DropColumn("point.y").DropColumn("codes")
            .CommitAsync(TestTable.Cancel);
        Assert.Equal(
            "struct<1: id: long, 2: text: string, 3: point: struct<7: lon: double>, 4: points: list<struct<10: z: long>>, 6: price: decimal(12, 2)>",
            table.Schema.Struct.ToString());
        Assert.Equal((null, false, true), (table.Schema.Find("text")!.Field.Doc, table.Schema.Find("id")!.Field.Required, table.Schema.Find("point.lon")!.Field.Required));
        Assert.Equal(13, table.Metadata.LastColumnId);
    }

    [Fact]
    public async Task Columns_move_within_their_parent()
    {
        var table = await CreateAsync();
        await table.UpdateSchema()
            .MoveFirst("price").MoveAfter("id", "point").MoveBefore("codes", "data").MoveFirst("point.y")
            .AddColumn("n", IcebergType.Int).MoveBefore("n", "price").AddColumn("point", "z", IcebergType.Int).MoveAfter("point.z", "point.y")
            .CommitAsync(TestTable.Cancel);

        // id data point points codes price -> price first -> id after point -> codes before data -> n before price.
        Assert.Equal(["n", "price", "codes", "data", "point", "id", "points"], table.Schema.Columns.Select(c => c.Name));
        Assert.Equal(["y", "z", "x"], ((StructType)table.Schema.Find("point")!.Type).Fields.Select(f => f.Name));
    }

    [Fact]
    public async Task Changes_that_stand_against_each_other_are_refused()
    {
        var table = await CreateAsync();
        UpdateSchema New() => table.UpdateSchema();
        Action[] refused =
        [
            () => New().AddColumn("data", IcebergType.Int), () => New().AddColumn("point.z", IcebergType.Int),
            () => New().AddColumn("none", "z", IcebergType.Int), () => New().AddColumn("data", "z", IcebergType.Int),
            () => New().AddColumn("point", "x", IcebergType.Int), () => New().AddColumn("n", IcebergType.Int).AddColumn("n", IcebergType.Int),
            () => New().DropColumn("none"), () => New().DropColumn("point").AddColumn("point", "z", IcebergType.Int),
            () => New().AddColumn("point", "z", IcebergType.Int).DropColumn("point"), () => New().RenameColumn("data", "text").DropColumn("data"),
            () => New().DropColumn("data").RenameColumn("data", "text"), () => New().AddColumn("n", IcebergType.Int).RenameColumn("n", "m"),
            () => New().DropColumn("data").UpdateDoc("data", "x"), () => New().DropColumn("id").UpdateColumnType("id", IcebergType.Long),
            () => New().UpdateDoc("none", "x"), () => New().MoveFirst("none"), () => New().MoveBefore("data", "data"), () => New().MoveAfter("data", "point.x"),
            () => New().MoveFirst("points.element"), () => New().AddColumn("n", IcebergType.TimestampNs),
        ];
        Assert.All(refused, change => Assert.Throws<ArgumentException>(change));
        Assert.Throws<ArgumentException>(() => New().RenameColumn("data", "id").Apply());
        Assert.Throws<InvalidOperationException>(() => New().DropColumn("points.element").Apply());
        Assert.Throws<InvalidOperationException>(() => New().DropColumn("codes.value").Apply());
        Assert.Throws<InvalidOperationException>(() => New().DropColumn("codes.key").Apply());
        Assert.Throws<InvalidOperationException>(() => New().UpdateDoc("codes.key", "x").Apply());

        // A dropped name is free again.
        Assert.Equal(14, New().DropColumn("data").AddColumn("data", IcebergType.Int).Apply().Find("data")!.Id);
    }

    [Fact]
    public async Task What_old_files_would_contradict_needs_to_be_allowed()
    {
        var table = await CreateAsync();
        UpdateSchema New() => table.UpdateSchema();
        Action[] incompatible =
        [
            () => New().AddRequiredColumn(null, "n", IcebergType.Int), () => New().RequireColumn("data"), () => New().UpdateColumnType("id", IcebergType.String),
            () => New().UpdateColumnType("price", IcebergType.Decimal(8, 2)), () => New().UpdateColumnType("price", IcebergType.Decimal(12, 3)),
            () => New().UpdateColumnType("id", IcebergType.Float), () => New().UpdateColumnType("point", IcebergType.Int),
        ];
        Assert.All(incompatible, change => Assert.Throws<IncompatibleSchemaException>(change));
        await New().AllowIncompatibleChanges().AddRequiredColumn("point", "z", IcebergType.Int).RequireColumn("data").CommitAsync(TestTable.Cancel);
        Assert.True(table.Schema.Find("point.z")!.Field.Required && table.Schema.Find("data")!.Field.Required);
        Assert.Throws<IncompatibleSchemaException>(() => New().AllowIncompatibleChanges().UpdateColumnType("id", IcebergType.String));
    }

    [Fact]
    public async Task Identifier_fields_are_set_renamed_and_protected()
    {
        var table = await CreateAsync();
        await table.UpdateSchema().SetIdentifierFields("id").CommitAsync(TestTable.Cancel);
        Assert.Equal([1], table.Schema.IdentifierFieldIds);
        Assert.Throws<InvalidOperationException>(() => table.UpdateSchema().DropColumn("id").Apply());
        await table.UpdateSchema().RenameColumn("id", "key").CommitAsync(TestTable.Cancel);
        Assert.Equal([1], table.Schema.IdentifierFieldIds);
        Assert.Throws<InvalidOperationException>(() => table.UpdateSchema().SetIdentifierFields("none").Apply());

        // Optional, floating-point and nested in an optional struct.
        Assert.Throws<ArgumentException>(() => table.UpdateSchema().SetIdentifierFields("data").Apply());
        Assert.Throws<ArgumentException>(() => table.UpdateSchema().SetIdentifierFields("point.x").Apply());
        await table.UpdateSchema().SetIdentifierFields().DropColumn("key").CommitAsync(TestTable.Cancel);
        Assert.Empty(table.Schema.IdentifierFieldIds);
    }

    [Fact]
    public async Task A_schema_is_joined_by_name()
    {
        var table = await CreateAsync();
        var other = new Schema(
        [
            NestedField.Optional(1, "price", IcebergType.Decimal(12, 2)),
            NestedField.Optional(2, "id", IcebergType.Long, "now optional"),
            NestedField.Mandatory(3, "n", IcebergType.Int),
            NestedField.Optional(4, "point", new StructType([NestedField.Mandatory(5, "y", IcebergType.Float), NestedField.Mandatory(6, "z", IcebergType.Int)])),
            NestedField.Optional(7, "points", new ListType(8, new StructType([NestedField.Optional(9, "t", IcebergType.Int)]), ElementRequired: true)),
            NestedField.Optional(10, "codes", new MapType(11, IcebergType.String, 12, new StructType([NestedField.Optional(13, "u", IcebergType.Int)]), ValueRequired: false)),
        ]);
        await table.UpdateSchema().UnionByNameWith(other).CommitAsync(TestTable.Cancel);
        Assert.Equal(
            "struct<1: id: long, 2: data: string, 3: point: struct<7: x: float, 8: y: float, 15: z: int>, 4: points: list<struct<10: z: int, 16: t: int>>, "
            + "5: codes: map<string, struct<13: w: int, 17: u: int>>, 6: price: decimal(12, 2), 14: n: int>",
            table.Schema.Struct.ToString());
        Assert.Equal((false, "now optional", false, true), (table.Schema.Find("id")!.Field.Required, table.Schema.Find("id")!.Field.Doc, table.Schema.Find("n")!.Field.Required, table.Schema.Find("point.x")!.Field.Required));

        // A narrower type of the other changes nothing; one that does not fit is refused.
        var before = table.MetadataLocation;
        await table.UpdateSchema().UnionByNameWith(new([NestedField.Optional(1, "id", IcebergType.Int)])).CommitAsync(TestTable.Cancel);
        Assert.Equal(before, table.MetadataLocation);
        Assert.Throws<IncompatibleSchemaException>(() => table.UpdateSchema().UnionByNameWith(new([NestedField.Optional(1, "id", IcebergType.String)])));
        Assert.Throws<IncompatibleSchemaException>(() => table.UpdateSchema().UnionByNameWith(new([NestedField.Optional(1, "point", IcebergType.String)])));
    }

    [Fact]
    public async Task Names_may_be_compared_without_case()
    {
        var table = await CreateAsync();
        Assert.Throws<ArgumentException>(() => table.UpdateSchema().DropColumn("DATA"));
        Assert.Throws<ArgumentException>(() => table.UpdateSchema().IgnoreCase().AddColumn("DATA", IcebergType.Int));
        Assert.Throws<ArgumentException>(() => table.UpdateSchema().IgnoreCase().AddColumn("n", IcebergType.Int).AddColumn("N", IcebergType.Int));
        await table.UpdateSchema().IgnoreCase().RenameColumn("POINT.X", "lon").CommitAsync(TestTable.Cancel);
        Assert.Equal(7, table.Schema.Find("point.lon")!.Id);
    }

    [Fact]
    public async Task Columns_that_partition_or_sort_the_table_cannot_be_dropped_until_they_do_so_no_more()
    {
        var table = await CreateAsync();
        await table.UpdateSpec().AddField("data").CommitAsync(TestTable.Cancel);
        await table.ReplaceSortOrder().Asc("price").CommitAsync(TestTable.Cancel);
        var failure = await Assert.ThrowsAsync<IcebergException>(() => table.UpdateSchema().DropColumn("data").CommitAsync(TestTable.Cancel));
        Assert.Contains("'data'", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IcebergException>(() => table.UpdateSchema().DropColumn("price").CommitAsync(TestTable.Cancel));
        await table.UpdateSpec().RemoveField("data").CommitAsync(TestTable.Cancel);
        await table.ReplaceSortOrder().CommitAsync(TestTable.Cancel);
        await table.UpdateSchema().DropColumn("data").DropColumn("price").CommitAsync(TestTable.Cancel);
        Assert.Null(table.Schema.Find("data"));
    }

    [Fact]
    public async Task Somebody_elses_change_of_columns_is_a_conflict_and_their_rows_are_not()
    {
        var table = await TestTable.CreateAsync();
        var other = await Entries.ReloadAsync(table);
        await other.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        await table.UpdateSchema().AddColumn("n", IcebergType.Int).CommitAsync(TestTable.Cancel);
        Assert.NotNull(table.CurrentSnapshot);

        await Assert.ThrowsAsync<CommitConflictException>(() => other.UpdateSchema().AddColumn("n", IcebergType.Int).CommitAsync(TestTable.Cancel));
        var stale = await Entries.ReloadAsync(table);
        await table.UpdateSchema().MakeOptional("facility").CommitAsync(TestTable.Cancel);
        await Assert.ThrowsAsync<CommitConflictException>(() => stale.UpdateSchema().RenameColumn("energy", "e").CommitAsync(TestTable.Cancel));
        Assert.Equal(["facility", "date_hour", "energy", "n"], (await Entries.ReloadAsync(table)).Schema.Columns.Select(c => c.Name));
    }

    [Fact]
    public async Task Schema_changes_in_a_transaction_see_one_another()
    {
        var table = await TestTable.CreateAsync();
        await using var transaction = table.NewTransaction();
        await transaction.UpdateSchema().AddColumn("a", IcebergType.Int).CommitAsync(TestTable.Cancel);
        await transaction.UpdateSchema().RenameColumn("a", "b").CommitAsync(TestTable.Cancel);
        await transaction.UpdateSpec().AddField("b").CommitAsync(TestTable.Cancel);
        await transaction.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        await (await Entries.ReloadAsync(table)).NewAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        await transaction.CommitAsync(TestTable.Cancel);
        Assert.Equal((4, "b", 2), (table.Schema.Find("b")!.Id, table.Spec.Fields[1].Name, (await TestTable.FilesAsync(table.NewScan())).Count));
    }

    [Fact]
    public async Task The_name_mapping_and_metrics_modes_follow_the_columns()
    {
        var table = await CreateAsync(new()
        {
            ["schema.name-mapping.default"] =
                """[{"field-id":1,"names":["id","old"]},{"field-id":2,"names":["data"]},{"field-id":3,"names":["point"],"fields":[{"field-id":7,"names":["x"]},{"field-id":8,"names":["y"]}]}]""",
            ["write.metadata.metrics.column.data"] = "none",
            ["write.metadata.metrics.column.point.x"] = "full",
            ["write.metadata.metrics.column.price"] = "counts",
        });
        await table.UpdateSchema()
            .RenameColumn("data", "text").RenameColumn("id", "data").RenameColumn("point.x", "lon").AddColumn("point", "z", IcebergType.Int)
            .AddColumn("old", new ListType(1, IcebergType.Int, ElementRequired: false)).DropColumn("price")
            .CommitAsync(TestTable.Cancel);

        // As in the reference implementation: renamed fields keep old names, unless another field has got them.
        Assert.Equal(
            """[{"field-id":1,"names":["id","data"]},{"field-id":2,"names":["text"]},{"field-id":3,"names":["point"],"fields":[{"field-id":7,"names":["x","lon"]},{"field-id":8,"names":["y"]},{"field-id":14,"names":["z"]}]},{"field-id":15,"names":["old"],"fields":[{"field-id":16,"names":["element"]}]}]""",
            table.Metadata.Properties["schema.name-mapping.default"]);
        Assert.Equal(
            [("write.metadata.metrics.column.point.lon", "full"), ("write.metadata.metrics.column.text", "none")],
            table.Metadata.Properties.Where(p => p.Key.StartsWith("write.metadata.metrics", StringComparison.Ordinal)).Select(p => (p.Key, p.Value)).Order());
    }

    private static Task<Table> CreateAsync(Dictionary<string, string>? properties = null) => EvolvingTable.CreateAsync(Nested, properties);
}

/// <summary>A table without rows, of any columns.</summary>
internal static class EvolvingTable
{
    public static async Task<Table> CreateAsync(Schema schema, Dictionary<string, string>? properties = null)
    {
        var catalog = new InMemoryCatalog("mem:/warehouse", new Iceberg.IO.InMemoryFileIO(), context: TestTable.Seeded());
        await catalog.CreateNamespaceAsync(TestTable.Name.Namespace, cancellationToken: TestTable.Cancel);
        return await catalog.CreateTableAsync(TestTable.Name, new() { Schema = schema, Properties = properties ?? [] }, TestTable.Cancel);
    }
}
