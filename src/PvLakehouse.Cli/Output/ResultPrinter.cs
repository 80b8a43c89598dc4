using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace PvLakehouse.Cli.Output;

/// <summary>Prints rows to standard output in the chosen format.</summary>
internal sealed class ResultPrinter(OutputFormat format, TextWriter output)
{
    // A person reads some hundred lines; who wants more takes csv or json, which stream.
    private const int MostTableRows = 1_000;

    public async Task PrintAsync(
        IReadOnlyList<string> columns, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        switch (format)
        {
            case OutputFormat.Csv:
                await PrintCsvAsync(columns, rows, cancellationToken);
                break;
            case OutputFormat.Json:
                await PrintJsonAsync(columns, rows, cancellationToken);
                break;
            default:
                await PrintTableAsync(columns, rows, cancellationToken);
                break;
        }
    }

    private async Task PrintCsvAsync(
        IReadOnlyList<string> columns, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(string.Join(',', columns.Select(Quote)));
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            await output.WriteLineAsync(string.Join(',', row.Select(value => Quote(CellText.Of(value)))));
        }
    }

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private async Task PrintJsonAsync(
        IReadOnlyList<string> columns, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        var first = true;
        await output.WriteAsync("[");
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            using var buffer = new MemoryStream();
            await using (var json = new Utf8JsonWriter(buffer, options))
            {
                json.WriteStartObject();
                for (var i = 0; i < row.Length; i++)
                {
                    json.WritePropertyName(columns[i]);
                    WriteValue(json, row[i]);
                }

                json.WriteEndObject();
            }

            await output.WriteAsync(first ? "\n  " : ",\n  ");
            await output.WriteAsync(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
            first = false;
        }

        await output.WriteLineAsync(first ? "]" : "\n]");
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            // JSON knows no NaN and no infinity.
            case double number when double.IsFinite(number):
            case float single when float.IsFinite(single):
            case not (double or float) when CellText.IsNumber(value):
                json.WriteRawValue(CellText.Of(value));
                break;
            default:
                json.WriteStringValue(CellText.Of(value));
                break;
        }
    }

    private async Task PrintTableAsync(
        IReadOnlyList<string> columns, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        var shown = await rows.Take(MostTableRows + 1).ToListAsync(cancellationToken);
        var cut = shown.Count > MostTableRows;
        if (cut)
        {
            shown.RemoveAt(MostTableRows);
        }

        var numeric = columns.Select(
            (_, i) => shown.Count > 0 && shown.TrueForAll(row => row[i] is null || CellText.IsNumber(row[i]))).ToArray();
        if (Terminal.IsInteractive)
        {
            PrintGrid(columns, shown, numeric);
        }
        else
        {
            await PrintPlainAsync(columns, shown, numeric);
        }

        await output.WriteLineAsync(cut
            ? $"(the first {MostTableRows} rows; --format csv prints all)"
            : $"({shown.Count} {(shown.Count == 1 ? "row" : "rows")})");
    }

    private static void PrintGrid(IReadOnlyList<string> columns, List<object?[]> rows, bool[] numeric)
    {
        var table = new Table { Border = TableBorder.Rounded };
        for (var i = 0; i < columns.Count; i++)
        {
            table.AddColumn(new TableColumn(Markup.Escape(columns[i])) { Alignment = numeric[i] ? Justify.Right : Justify.Left });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(value => Markup.Escape(CellText.Of(value))).ToArray());
        }

        AnsiConsole.Write(table);
    }

    private async Task PrintPlainAsync(IReadOnlyList<string> columns, List<object?[]> rows, bool[] numeric)
    {
        var cells = rows.ConvertAll(row => Array.ConvertAll(row, CellText.Of));
        var widths = columns.Select((column, i) => cells.Select(row => row[i].Length).Append(column.Length).Max()).ToArray();
        foreach (var line in cells.Prepend([.. columns]))
        {
            var padded = line.Select((cell, i) => numeric[i] ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            await output.WriteLineAsync(string.Join("  ", padded).TrimEnd());
        }
    }
}
