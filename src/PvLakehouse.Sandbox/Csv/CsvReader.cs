using System.Text;

namespace PvLakehouse.Sandbox.Csv;

/// <summary>Reads comma-separated text with quoted fields (RFC 4180), record by record.</summary>
internal sealed class CsvReader(TextReader text, string name)
{
    private readonly StringBuilder _field = new();
    private int _line = 1;

    /// <summary>Reads the header and then every record; empty lines are skipped.</summary>
    /// <exception cref="CsvFormatException">There is no header, or a record has another number of fields than it.</exception>
    public IEnumerable<CsvRecord> Records()
    {
        var header = Fields() ?? throw new CsvFormatException($"{name} is empty; expected a header line.");
        var columns = new CsvColumns(name, header);
        while (Fields() is { } fields)
        {
            if (fields is [""])
            {
                continue;
            }

            yield return fields.Length == header.Length
                ? new CsvRecord(columns, fields, _line - 1)
                : throw new CsvFormatException(
                    $"{name} line {_line - 1} has {fields.Length} fields; the header promises {header.Length}.");
        }
    }

    private string[]? Fields()
    {
        if (text.Peek() < 0)
        {
            return null;
        }

        var fields = new List<string>();
        while (true)
        {
            var end = Field();
            fields.Add(_field.ToString());
            if (end is not ',')
            {
                _line++;
                return [.. fields];
            }
        }
    }

    /// <summary>Reads one field into the buffer and returns what ended it: a comma, a line feed, or -1 at the end of the text.</summary>
    private int Field()
    {
        _field.Clear();
        var quoted = false;
        while (true)
        {
            var next = text.Read();
            switch (next)
            {
                case '"' when quoted && text.Peek() == '"':
                    _ = text.Read();
                    _field.Append('"');
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case < 0 when quoted:
                    throw new CsvFormatException($"{name} ends inside a quoted field.");
                case < 0 or '\n' or ',' when !quoted:
                    return next;
                case '\r' when !quoted && text.Peek() == '\n':
                    break;
                default:
                    _line += next == '\n' ? 1 : 0;
                    _field.Append((char)next);
                    break;
            }
        }
    }
}
