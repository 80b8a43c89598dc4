using System.Security.Cryptography;
using System.Text;
using PvLakehouse.Engine;
using PvLakehouse.Pipeline.Quality;
using PvLakehouse.Pipeline.Silver;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>A session in which models can be computed: macros, reference tables, and what models derive from their sources.</summary>
/// <remarks>The caller names the sources; nothing here asks whether they are tables, earlier states of them, or made up.</remarks>
internal static class ModelSession
{
    /// <summary>What every model may use.</summary>
    public static async Task StartAsync(ISqlSession session, CancellationToken cancellationToken)
    {
        await ModelMacros.StageAsync(session, cancellationToken);
        await ReferenceTables.StageAsync(session, cancellationToken);
    }

    /// <summary>Makes the views that a model's SQL may name beside its sources.</summary>
    /// <param name="session">The session, with the sources.</param>
    /// <param name="model">The model.</param>
    /// <param name="mode">When all rows are computed, what the table held before does not matter.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static async Task DeriveAsync(ISqlSession session, SqlModel model, ModelMode mode, CancellationToken cancellationToken)
    {
        var read = model.Lookups.Concat(model.Sources.Select(source => source.Table)).Select(table => table.Name).ToHashSet(StringComparer.Ordinal);
        if (read.Contains("clean_facility_master"))
        {
            await session.ExecuteAsync($"CREATE OR REPLACE TEMP VIEW facility_periods AS {SqlText.Read("facility_periods.sql")}", cancellationToken);
        }

        var held = mode == ModelMode.Full ? "false" : "true";
        if (model.Lookups.Contains(CleanDailyEnergy.Contract))
        {
            await session.ExecuteAsync($"CREATE OR REPLACE TEMP VIEW daily_rows AS SELECT * FROM clean_daily_energy WHERE {held}", cancellationToken);
        }
    }

    /// <summary>Finds the keys that the sources' added rows affect, as <c>keys</c>.</summary>
    /// <param name="session">The session, with the sources and their <c>added_</c> relations.</param>
    /// <param name="model">The model.</param>
    /// <param name="only">A condition on the keys' columns.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static Task FindKeysAsync(ISqlSession session, SqlModel model, string only, CancellationToken cancellationToken) =>
        session.ExecuteAsync($"CREATE OR REPLACE TEMP TABLE keys AS SELECT * FROM ({model.KeysSql}) WHERE {only}", cancellationToken);

    /// <summary>Computes a model for all keys from whatever its sources' names stand for, as a table of the model's name.</summary>
    /// <param name="session">The session, with the sources.</param>
    /// <param name="model">The model.</param>
    /// <param name="only">A condition on the keys' columns.</param>
    /// <param name="into">The name of the table.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static async Task ComputeAsync(ISqlSession session, SqlModel model, string only, string into, CancellationToken cancellationToken)
    {
        foreach (var source in model.Sources)
        {
            await session.ExecuteAsync(
                $"CREATE OR REPLACE TEMP VIEW added_{source.Table.Name} AS SELECT * FROM {source.Table.Name}", cancellationToken);
        }

        await DeriveAsync(session, model, ModelMode.Full, cancellationToken);
        if (model.HasKeys)
        {
            await FindKeysAsync(session, model, only, cancellationToken);
        }

        if (model.Sun.Count > 0)
        {
            await SunTable.StageAsync(session, model.Sun, cancellationToken);
        }

        // A view of the same name may be what the model was computed from.
        await session.ExecuteAsync($"CREATE OR REPLACE TEMP TABLE computed_model AS {Select(model, DateTimeOffset.UnixEpoch)}", cancellationToken);
        await session.ExecuteAsync($"CREATE OR REPLACE TEMP TABLE {into} AS SELECT * FROM computed_model", cancellationToken);
        await session.ExecuteAsync("DROP TABLE computed_model", cancellationToken);
    }

    /// <summary>The contract's columns of a model, with the verdict of its rules and the instant of the write.</summary>
    public static string Select(SqlModel model, DateTimeOffset stamp)
    {
        var stamps = QualityColumns.Stamps.Select(column => column.Name).ToArray();
        var judged = model.Rules is { } rules ? QualitySql.Judge(model.Sql, model.Target, rules) : model.Sql;
        var columns = model.Target.Columns.Select(column =>
            stamps.Contains(column.Name) ? $"{Instants.Literal(stamp)} AS \"{column.Name}\"" : $"\"{column.Name}\"");
        return $"SELECT {string.Join(", ", columns)} FROM (\n{judged}\n) AS model";
    }

    /// <summary>Twelve hexadecimal digits that change with the model's SQL, its rules, the macros or the columns: rows of another are stale.</summary>
    public static string Fingerprint(SqlModel model)
    {
        var text = string.Join(
            '\n',
            Select(model, DateTimeOffset.UnixEpoch),
            model.HasKeys ? model.KeysSql : "",
            ModelMacros.Text,
            string.Join(',', model.Target.Columns.Select(column => $"{column.Name} {column.Type}")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
    }
}
