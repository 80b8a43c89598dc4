using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Iceberg.Tests.Catalog;

/// <content>Namespaces: what the reference tests show beyond the first part.</content>
public abstract partial class CatalogContract
{
    /// <summary>Whether a level of a namespace may hold a dot; the tables of the SQL catalogs join levels by dots.</summary>
    protected virtual bool KeepsDotsInNamespaces => false;

    [Fact]
    public async Task A_level_with_a_dot_is_kept_as_it_is_or_refused_but_never_split()
    {
        var catalog = await OpenAsync();
        var dotted = new Namespace("new.name");
        if (!KeepsDotsInNamespaces)
        {
            await Assert.ThrowsAsync<ArgumentException>(() => catalog.CreateNamespaceAsync(dotted, cancellationToken: Cancel));
            Assert.Empty(await catalog.ListNamespacesAsync(cancellationToken: Cancel));
            return;
        }

        await catalog.CreateNamespaceAsync(dotted, cancellationToken: Cancel);
        Assert.Equal([dotted], await catalog.ListNamespacesAsync(cancellationToken: Cancel));
        Assert.True(await catalog.NamespaceExistsAsync(dotted, Cancel));
        Assert.False(await catalog.NamespaceExistsAsync(new Namespace("new", "name"), Cancel));
    }

    [Fact]
    public void The_empty_namespace_has_no_name_so_it_holds_no_tables_and_no_properties()
    {
        Assert.Throws<ArgumentException>(() => new Namespace());
        Assert.Throws<ArgumentException>(() => new Namespace(""));
        Assert.Throws<ArgumentException>(() => new Namespace("a", ""));
        Assert.Throws<ArgumentException>(() => TableIdentifier.Parse("table_without_namespace"));
    }

    [Fact]
    public async Task Properties_are_set_updated_and_removed_one_at_a_time()
    {
        var catalog = await WithBronzeAsync();
        Assert.Empty(await catalog.LoadNamespacePropertiesAsync(Bronze, Cancel));
        await Set("owner", "hank");
        await Set("created-at", "sometime");
        await Set("owner", "user");
        Assert.Equal(
            new Dictionary<string, string> { ["owner"] = "user", ["created-at"] = "sometime" },
            await catalog.LoadNamespacePropertiesAsync(Bronze, Cancel));
        await catalog.UpdateNamespacePropertiesAsync(Bronze, new Dictionary<string, string>(), ["created-at"], Cancel);
        Assert.Equal(["owner"], (await catalog.LoadNamespacePropertiesAsync(Bronze, Cancel)).Keys);
        await catalog.UpdateNamespacePropertiesAsync(Bronze, new Dictionary<string, string>(), ["owner"], Cancel);
        Assert.Empty(await catalog.LoadNamespacePropertiesAsync(Bronze, Cancel));
        Assert.True(await catalog.NamespaceExistsAsync(Bronze, Cancel));

        Task Set(string key, string value) =>
            catalog.UpdateNamespacePropertiesAsync(Bronze, new Dictionary<string, string> { [key] = value }, [], Cancel);
    }

    [Fact]
    public async Task Properties_of_a_missing_namespace_are_neither_set_nor_removed()
    {
        var catalog = await OpenAsync();
        await Assert.ThrowsAsync<NoSuchNamespaceException>(() =>
            catalog.UpdateNamespacePropertiesAsync(Bronze, new Dictionary<string, string> { ["a"] = "1" }, [], Cancel));
        await Assert.ThrowsAsync<NoSuchNamespaceException>(() =>
            catalog.UpdateNamespacePropertiesAsync(Bronze, new Dictionary<string, string>(), ["a"], Cancel));
        Assert.False(await catalog.NamespaceExistsAsync(Bronze, Cancel));
    }

    [Fact]
    public async Task Of_several_who_make_a_namespace_one_does()
    {
        var catalog = await OpenAsync();
        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => Task.Run(async () =>
        {
            try
            {
                await catalog.CreateNamespaceAsync(Bronze, new Dictionary<string, string> { ["by"] = $"{n}" }, Cancel);
                return n;
            }
            catch (AlreadyExistsException)
            {
                return -1;
            }
        })));
        var winner = Assert.Single(made, n => n >= 0);
        Assert.Equal($"{winner}", (await catalog.LoadNamespacePropertiesAsync(Bronze, Cancel))["by"]);
    }

    [Fact]
    public async Task Dropping_an_inner_namespace_leaves_the_outer()
    {
        var catalog = await WithBronzeAsync();
        var inner = new Namespace("bronze", "old");
        await catalog.CreateNamespaceAsync(inner, cancellationToken: Cancel);
        await Assert.ThrowsAsync<NamespaceNotEmptyException>(() => catalog.DropNamespaceAsync(Bronze, Cancel));
        await catalog.DropNamespaceAsync(inner, Cancel);
        Assert.False(await catalog.NamespaceExistsAsync(inner, Cancel));
        Assert.True(await catalog.NamespaceExistsAsync(Bronze, Cancel));
        await catalog.DropNamespaceAsync(Bronze, Cancel);
        Assert.Empty(await catalog.ListNamespacesAsync(cancellationToken: Cancel));
    }
}
