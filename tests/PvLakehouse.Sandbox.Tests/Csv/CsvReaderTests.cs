using PvLakehouse.Sandbox.Csv;

namespace PvLakehouse.Sandbox.Tests.Csv;

public sealed class CsvReaderTests
{
    [Fact]
    public void Quoted_fields_keep_commas_quotes_and_lines()
    {
        var rows = Read("a,b\r\n\"1,2\",\"say \"\"hi\"\"\nthere\"\r\n\r\n3,\n");

        Assert.Equal([("1,2", "say \"hi\"\nthere"), ("3", "")], rows.Select(row => (row.Text("a"), row.Text("b"))));
        Assert.Null(rows[1].Optional("b"));
        Assert.Null(rows[1].Optional("c"));
    }

    [Theory]
    [InlineData("", "x.csv is empty; expected a header line.")]
    [InlineData("a,a\n", "x.csv names the column 'a' twice.")]
    [InlineData("a,b\n1,2\n3\n", "x.csv line 3 has 1 fields; the header promises 2.")]
    [InlineData("a\n\"open", "x.csv ends inside a quoted field.")]
    public void Damaged_files_are_refused_with_the_line(string text, string message) =>
        Assert.Equal(message, Assert.Throws<CsvFormatException>(() => Read(text)).Message);

    [Fact]
    public void Fields_of_the_wrong_kind_are_refused_with_line_and_column()
    {
        var row = Read("n,t\n1,2025-01-01\nx,2025-01-01T00:00:00Z\n");

        Assert.Equal("x.csv line 3, column 'n': expected a number, found 'x'.", Assert.Throws<CsvFormatException>(() => row[1].Number("n")).Message);
        Assert.Equal(
            "x.csv line 2, column 't': expected an ISO 8601 instant with an offset or Z, found '2025-01-01'.",
            Assert.Throws<CsvFormatException>(() => row[0].Instant("t")).Message);
        Assert.Equal((1, new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)), (row[0].Number("n"), row[1].Instant("t")));
        Assert.Equal("x.csv has no column 'z'; its columns are n, t.", Assert.Throws<CsvFormatException>(() => row[0].Text("z")).Message);
    }

    private static CsvRecord[] Read(string text) => [.. new CsvReader(new StringReader(text), "x.csv").Records()];
}
