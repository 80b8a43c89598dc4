using System.Reflection;
using PvLakehouse.Pipeline.Documentation;
using PvLakehouse.Pipeline.Runs;
using LakeModelList = PvLakehouse.Pipeline.Runs.Models;

namespace PvLakehouse.Pipeline.Tests.Documentation;

/// <summary>The pages on tables are what the contracts say, and the lineage is what the models read.</summary>
public sealed class TablePagesTests
{
    [Fact]
    public void The_pages_in_the_repository_are_those_that_the_contracts_give()
    {
        var folder = Path.Combine(Repository(), "docs", "tables");
        var pages = TableMarkdown.Pages(TableDescription.All);
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

    [Fact]
    public void Every_model_takes_part_in_the_lineage()
    {
        var models = typeof(LakeModelList).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType == typeof(SqlModel)).Select(property => (SqlModel)property.GetValue(null)!);
        Assert.Equal(
            models.Select(model => model.Target.ToString()).Order(StringComparer.Ordinal),
            LakeModelList.All.Select(model => model.Target.ToString()).Order(StringComparer.Ordinal));
    }

    /// <summary>A model can only read what is bound for it: every table that its SQL names is in its lineage.</summary>
    [Fact]
    public void The_lineage_of_a_model_has_every_table_that_its_text_names()
    {
        foreach (var model in LakeModelList.All)
        {
            var words = (model.Sql + (model.HasKeys ? model.KeysSql : "")).Split('\n').Where(line => !line.TrimStart().StartsWith("--", StringComparison.Ordinal))
                .SelectMany(line => line.Split([' ', '(', ')', ','], StringSplitOptions.RemoveEmptyEntries)).ToArray();
            var read = words.Zip(words.Skip(1)).Where(pair => pair.First is "FROM" or "JOIN").Select(pair => pair.Second).ToHashSet(StringComparer.Ordinal);
            var named = Datasets.Contracts.Where(table => !table.Equals(model.Target) && (read.Contains(table.Name) || read.Contains($"added_{table.Name}")))
                .Select(table => table.ToString());
            var described = TableDescription.Find(model.Target.ToString());
            Assert.All(named, name => Assert.Contains(name, described.ReadsFrom));
        }
    }

    [Fact]
    public void The_fact_goes_back_to_every_source_and_each_bronze_table_to_its_own()
    {
        Assert.Equal(
            ["open-meteo/air-quality", "open-meteo/archive", "open-meteo/forecast", "openelectricity/energy", "openelectricity/facilities"],
            TableDescription.Find("gold.fact_solar_environmental").Sources);
        Assert.Equal(["openelectricity/energy"], TableDescription.Find("iceberg.bronze.raw_facility_timeseries").Sources);
        Assert.Contains("silver.clean_hourly_energy", TableDescription.Find("raw_facility_timeseries").ReadBy);
    }

    [Fact]
    public void An_unknown_table_is_refused_with_the_names_that_there_are()
    {
        var failure = Assert.Throws<PipelineException>(() => TableDescription.Find("gold.nonsense"));
        Assert.Contains("gold.dim_date", failure.Message, StringComparison.Ordinal);
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
