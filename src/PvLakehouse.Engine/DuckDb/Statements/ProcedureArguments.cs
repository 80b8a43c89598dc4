using System.Globalization;
using PvLakehouse.Engine.Sql.Parsing;
using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>The arguments of one call, by the names of its procedure.</summary>
internal sealed class ProcedureArguments
{
    private readonly StatementContext _context;
    private readonly string _procedure;
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);

    /// <param name="context">The statement.</param>
    /// <param name="procedure">Name of the procedure, for messages.</param>
    /// <param name="arguments">The arguments as written.</param>
    /// <param name="names">The procedure's arguments in their order.</param>
    /// <exception cref="SqlEngineException">There are too many, or one is not known.</exception>
    public ProcedureArguments(
        StatementContext context, string procedure, IReadOnlyList<Argument> arguments, params IReadOnlyList<string> names)
    {
        _context = context;
        _procedure = procedure;
        foreach (var (index, argument) in arguments.Index())
        {
            var name = argument.Name ?? (index < names.Count ? names[index] : throw new SqlEngineException(
                $"{procedure} takes {names.Count} arguments: {string.Join(", ", names)}."));
            if (!names.Contains(name, StringComparer.Ordinal))
            {
                throw new SqlEngineException(names.Count == 0
                    ? $"{procedure} takes no arguments, but '{name}' is given."
                    : $"{procedure} has no argument '{name}'; it has {string.Join(", ", names)}.");
            }

            if (!_sources.TryAdd(name, argument.Value))
            {
                throw new SqlEngineException($"Argument '{name}' of {procedure} is given twice, once by its place.");
            }
        }
    }

    /// <summary>The table that the argument <c>table</c> names, with or without the catalog.</summary>
    public async Task<Table> TableAsync(CancellationToken cancellationToken) =>
        await TargetTable.FindAsync(_context.Tables, await TableNameAsync(cancellationToken), cancellationToken);

    /// <summary>The name in the argument <c>table</c>, with the catalog.</summary>
    public async Task<TableName> TableNameAsync(CancellationToken cancellationToken)
    {
        var text = await TextAsync("table", cancellationToken) ?? throw Missing("table");
        var reader = new PvLakehouse.Engine.Sql.Text.TokenReader(text);
        var name = TargetParser.Table(reader);
        reader.End();
        return name.Parts.Count >= 3 && name.Parts[0].Equals(DuckDbInstance.Catalog, StringComparison.OrdinalIgnoreCase)
            ? name
            : new TableName([DuckDbInstance.Catalog, .. name.Parts]);
    }

    public bool Has(string name) => _sources.ContainsKey(name);

    public async Task<string?> TextAsync(string name, CancellationToken cancellationToken) => await ValueAsync(name, cancellationToken) switch
    {
        null => null,
        string text => text,
        var other => throw Wrong(name, other, "a text in quotes"),
    };

    public async Task<long?> WholeAsync(string name, CancellationToken cancellationToken) => await ValueAsync(name, cancellationToken) switch
    {
        null => null,
        var number when number is sbyte or short or int or long or byte or ushort or uint => Convert.ToInt64(number, CultureInfo.InvariantCulture),
        var other => throw Wrong(name, other, "a whole number"),
    };

    public async Task<bool?> FlagAsync(string name, CancellationToken cancellationToken) => await ValueAsync(name, cancellationToken) switch
    {
        null => null,
        bool flag => flag,
        var other => throw Wrong(name, other, "true or false"),
    };

    /// <summary>An instant; one without zone is in UTC.</summary>
    public async Task<DateTimeOffset?> InstantAsync(string name, CancellationToken cancellationToken) => await ValueAsync(name, cancellationToken) switch
    {
        null => null,
        DateTimeOffset instant => instant,
        DateTime clock => new DateTimeOffset(DateTime.SpecifyKind(clock, DateTimeKind.Utc)),
        DateOnly date => new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero),
        string text => ConstantParser.Instant(text) ?? throw Wrong(name, text, "an instant such as TIMESTAMP '2024-01-31 12:00:00'"),
        var other => throw Wrong(name, other, "an instant such as TIMESTAMP '2024-01-31 12:00:00'"),
    };

    public async Task<IReadOnlyList<long>> WholesAsync(string name, CancellationToken cancellationToken) => await ValueAsync(name, cancellationToken) switch
    {
        null => [],
        List<object?> items when items.TrueForAll(i => i is long) => [.. items.Cast<long>()],
        var other => throw Wrong(name, other, "an array of whole numbers"),
    };

    public async Task<IReadOnlyDictionary<string, string>> MapAsync(string name, CancellationToken cancellationToken) => await ValueAsync(name, cancellationToken) switch
    {
        null => new Dictionary<string, string>(StringComparer.Ordinal),
        Dictionary<string, string> map => map,
        var other => throw Wrong(name, other, "a map such as map('key', 'value')"),
    };

    /// <summary>A time span as Trino writes it: <c>'7d'</c>, <c>'12.5h'</c>, <c>'30m'</c>.</summary>
    public async Task<TimeSpan?> SpanAsync(string name, CancellationToken cancellationToken) =>
        await TextAsync(name, cancellationToken) is not { } text ? null
            : Quantity.Span(text) ?? throw Wrong(name, text, "a time such as '7d', '12h' or '30m'");

    /// <summary>A size as Trino writes it [bytes]: <c>'128MB'</c>.</summary>
    public async Task<long?> SizeAsync(string name, CancellationToken cancellationToken) =>
        await TextAsync(name, cancellationToken) is not { } text ? null
            : Quantity.Bytes(text) ?? throw Wrong(name, text, "a size such as '128MB'");

    /// <summary>The error that an argument is not there.</summary>
    public SqlEngineException Missing(string name) => new($"{_procedure} needs the argument '{name}'.");

    private async Task<object?> ValueAsync(string name, CancellationToken cancellationToken)
    {
        if (!_sources.TryGetValue(name, out var source))
        {
            return null;
        }

        if (ConstantParser.TryRead(source, out var constant))
        {
            return constant;
        }

        var rows = await _context.DuckDb.RowsAsync(
            $"SELECT ({source}\n)", ParametersOf.Text(source, _context.Parameters), cancellationToken);
        return rows[0][0];
    }

    private SqlEngineException Wrong(string name, object? value, string expected) => new(string.Create(
        CultureInfo.InvariantCulture, $"Argument '{name}' of {_procedure} is '{value}'; expected {expected}."));
}
