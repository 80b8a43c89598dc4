using System.Reflection;
using System.Xml.Linq;

namespace PvLakehouse.Cli.Tests;

/// <summary>The directions of dependency that the design fixes.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly string Root =
        typeof(ProjectReferenceTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!;

    /// <summary>What each project may refer to; design, section 3.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Solar"] = [],
        ["Iceberg"] = [],
        ["Iceberg.S3"] = ["Iceberg"],
        ["Iceberg.Sql"] = ["Iceberg"],
        ["Engine"] = ["Iceberg"],
        ["Pipeline"] = ["Engine", "Solar"],
        ["Sandbox"] = ["Solar"],
        ["Forecasting"] = ["Pipeline"],
        ["Cli"] = ["Forecasting", "Iceberg.S3", "Iceberg.Sql", "Pipeline", "Sandbox"],
    };

    [Fact]
    public void Every_project_refers_only_to_what_lies_below_it()
    {
        var found = Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories).ToDictionary(
            file => Short(file),
            file => XDocument.Load(file).Descendants("ProjectReference").Select(reference => Short((string)reference.Attribute("Include")!)).Order(StringComparer.Ordinal).ToArray());

        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.All(found, project => Assert.Equal(Allowed[project.Key], project.Value));
    }

    [Fact]
    public void The_Iceberg_library_stands_alone()
    {
        var packages = XDocument.Load(Path.Combine(Root, "src", "PvLakehouse.Iceberg", "PvLakehouse.Iceberg.csproj"))
            .Descendants("PackageReference").Select(package => (string)package.Attribute("Include")!);

        Assert.Empty(packages);
    }

    private static string Short(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))["PvLakehouse.".Length..];
}
