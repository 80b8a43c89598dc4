using System.Reflection;
using PvLakehouse.Pipeline.Documentation;
using PvLakehouse.Pipeline.Runs;
using LakeModelList = PvLakehouse.Pipeline.Runs.Models;

namespace PvLakehouse.Pipeline.Tests.Documentation;

/// <summary>The lineage of tables is what the models read.</summary>
public sealed class TableLineageTests
{
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
            var described = Find(model.Target.ToString());
            Assert.All(named, name => Assert.Contains(name, described.ReadsFrom));
        }
    }

    [Fact]
    public void The_fact_goes_back_to_every_source_and_each_bronze_table_to_its_own()
    {
        Assert.Equal(
            ["open-meteo/air-quality", "open-meteo/archive", "open-meteo/forecast", "openelectricity/energy", "openelectricity/facilities"],
            Find("gold.fact_solar_environmental").Sources);
        Assert.Equal(["openelectricity/energy"], Find("iceberg.bronze.raw_facility_timeseries").Sources);
        Assert.Contains("silver.clean_hourly_energy", Find("raw_facility_timeseries").ReadBy);
    }

    [Fact]
    public void An_unknown_table_is_refused_with_the_names_that_there_are()
    {
        var failure = Assert.Throws<PipelineException>(() => Find("gold.nonsense"));
        Assert.Contains("gold.dim_date", failure.Message, StringComparison.Ordinal);
    }

    private static TableDescription Find(string name) => TableDescription.Find(name, Datasets.Contracts);
}
