using PvLakehouse.Pipeline.Documentation;

namespace PvLakehouse.Forecasting.Tests.Documentation;

/// <summary>The pages on tables are what the contracts say.</summary>
public sealed class TablePagesTests
{
    [Fact]
    public void The_pages_in_the_repository_are_those_that_the_contracts_give()
    {
        var folder = Path.Combine(Repository(), "docs", "tables");
        var pages = TableMarkdown.Pages(TableDescription.Of(ForecastTables.WithPipeline));
        if (Environment.GetEnvironmentVariable("PVLAKE_WRITE_DOCS") == "1")
        {
            foreach (var (name, text) in pages)
            {
                File.WriteAllText(Path.Combine(folder, name), text);
            }
        }

        Assert.Equal(pages.Keys.Order(StringComparer.Ordinal), Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(pages, page => Assert.True(
            File.ReadAllText(Path.Combine(folder, page.Key)) == page.Value,
            $"docs/tables/{page.Key} is out of date: run 'pvlake tables describe --markdown docs/tables'."));
    }

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PvLakehouse.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
