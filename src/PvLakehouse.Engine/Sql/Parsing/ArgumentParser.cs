using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Engine.Sql.Text;

namespace PvLakehouse.Engine.Sql.Parsing;

/// <summary>CALL and the arguments of procedures, by name (<c>name =&gt; value</c>) or by place.</summary>
internal static class ArgumentParser
{
    /// <summary>Behind CALL: <c>[catalog.]system.procedure(arguments)</c>.</summary>
    public static CallStatement Call(TokenReader reader)
    {
        var at = reader.Current;
        var path = reader.Path("the name of a procedure");
        var known = path.Count switch
        {
            2 => path[0].Equals("system", StringComparison.OrdinalIgnoreCase),
            3 => path[0].Equals("iceberg", StringComparison.OrdinalIgnoreCase) && path[1].Equals("system", StringComparison.OrdinalIgnoreCase),
            _ => false,
        };
        if (!known)
        {
            throw SqlSyntax.Error(reader.Sql, at.Start, $"there is no procedure {string.Join('.', path)}; expected iceberg.system.<procedure>.");
        }

        var arguments = Parse(reader);
        reader.End();
        return new CallStatement(path[^1].ToLowerInvariant(), arguments);
    }

    /// <summary>Arguments in parentheses.</summary>
    public static IReadOnlyList<Argument> Parse(TokenReader reader)
    {
        reader.Expect("(");
        var arguments = new List<Argument>();
        if (reader.Take(")"))
        {
            return arguments;
        }

        do
        {
            string? name = null;
            var at = reader.Current;
            if (reader.Peek(1).Is("=>"))
            {
                name = reader.Name("the name of an argument").ToLowerInvariant();
                reader.Expect("=>");
                if (arguments.Exists(a => name.Equals(a.Name, StringComparison.Ordinal)))
                {
                    throw SqlSyntax.Error(reader.Sql, at.Start, $"argument '{name}' is given twice.");
                }
            }
            else if (arguments.Exists(a => a.Name is not null))
            {
                throw reader.Unexpected("an argument by name (name => value) after another by name");
            }

            arguments.Add(new Argument(name, reader.Source("a value", ",")));
        }
        while (reader.Take(","));
        reader.Expect(")");
        return arguments;
    }
}
