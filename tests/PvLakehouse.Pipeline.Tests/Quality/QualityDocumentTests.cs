using System.Text;
using PvLakehouse.Pipeline.Quality;

namespace PvLakehouse.Pipeline.Tests.Quality;

/// <summary>docs/quality.md lists every rule of the book, word for word.</summary>
public sealed class QualityDocumentTests
{
    private const string Begin = "<!-- rules: begin -->\n";
    private const string End = "<!-- rules: end -->";

    /// <summary>Set to 1, the test writes the rules into the document in place of comparing them.</summary>
    private const string Write = "PVLAKE_WRITE_DOCS";

    [Fact]
    public async Task The_document_lists_the_rules_of_the_book()
    {
        var token = TestContext.Current.CancellationToken;
        var file = Path.Combine(Repository(), "docs", "quality.md");
        var text = await File.ReadAllTextAsync(file, token);
        var (start, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable(Write) == "1")
        {
            await File.WriteAllTextAsync(file, text[..start] + Rules() + text[end..], token);
            return;
        }

        Assert.True(
            text[start..end] == Rules(), $"docs/quality.md does not list the rules as they are: run this test once with {Write}=1 and read the difference.");
    }

    [Fact]
    public void Every_rule_is_named_once_a_table_and_says_what_it_means_and_where_its_limit_comes_from()
    {
        foreach (var table in RuleBook.All.GroupBy(entry => entry.Table))
        {
            Assert.Equal(table.Count(), table.Select(entry => entry.Rule.Name).Distinct(StringComparer.Ordinal).Count());
        }

        Assert.All(RuleBook.All, entry =>
        {
            Assert.Matches("^[A-Z][A-Z0-9_]*$", entry.Rule.Name);
            Assert.EndsWith(".", entry.Rule.Meaning, StringComparison.Ordinal);
            Assert.EndsWith(".", entry.Rule.Threshold, StringComparison.Ordinal);
            Assert.EndsWith(".", entry.Rule.Source, StringComparison.Ordinal);
            Assert.NotEmpty(entry.Rule.Predicate);
        });
    }

    private static string Rules()
    {
        var text = new StringBuilder();
        foreach (var table in RuleBook.All.GroupBy(entry => entry.Table))
        {
            text.Append('\n').Append("### ").Append(table.Key).Append("\n\n| rule | severity | what it means | limit | source |\n|---|---|---|---|---|\n");
            foreach (var (_, rule) in table)
            {
                text.Append("| `").Append(rule.Name).Append("` | ").Append(rule.Severity.ToString().ToLowerInvariant()).Append(" | ")
                    .Append(rule.Meaning).Append(" | ").Append(rule.Threshold).Append(" | ").Append(rule.Source).Append(" |\n");
            }
        }

        return text.Append('\n').ToString();
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

        throw new InvalidOperationException("The tests are not inside the repository, so its docs cannot be read.");
    }
}
