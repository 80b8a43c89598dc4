using System.Globalization;
using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Scan;

namespace PvLakehouse.Engine.DuckDb.Merging;

/// <summary>
/// Which rows of a table go and which come: the part of DELETE, UPDATE and MERGE that differs. Copying, counting, committing
/// and trying again is the same for all; see <see cref="ChangeWriter"/>.
/// </summary>
internal abstract class RowChange
{
    /// <summary>The session-local table that <see cref="StageAsync"/> fills: one row for each change.</summary>
    public const string Changes = "temp.__changes";

    /// <summary>In <see cref="Changes"/>: the place of the changed row's file in the list that was read; null for new rows.</summary>
    public const string File = TableRows.FileColumn;

    /// <summary>In <see cref="Changes"/>: the place of the changed row in its file; null for new rows.</summary>
    public const string Position = TableRows.PositionColumn;

    /// <summary>In <see cref="Changes"/>: what happens, a <see cref="ChangeKind"/> as a number.</summary>
    public const string Kind = "__kind";

    /// <summary>In <see cref="Changes"/>: which source row caused it; null when there is no source.</summary>
    public const string Source = "__source";

    /// <summary>What is being done, as the end of "during each of n attempts to ...".</summary>
    public abstract string Doing { get; }

    /// <summary>Selects at least every row that may change, so that files without any are not read.</summary>
    public abstract Expression Scope { get; }

    /// <summary>Selects exactly the rows that go, without any coming; null when no expression says that.</summary>
    public virtual Expression? ExactlyDeleted => null;

    /// <summary>Rows that nobody else may add meanwhile under serializable isolation.</summary>
    public abstract Expression Conflicts { get; }

    /// <summary>The table property that says how strict to be.</summary>
    public abstract string IsolationProperty { get; }

    /// <summary>Whether several changes of one row are possible, which is an error.</summary>
    public virtual bool MayMeetTwice => false;

    /// <summary>Whether a file that <see cref="Scope"/> selects may hold rows that change.</summary>
    public virtual bool MayConcern(FileScanTask file) => true;

    /// <summary>Reads anew what depends on the table itself, after others have changed it.</summary>
    public virtual Task AgainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Fills <see cref="Changes"/>.</summary>
    /// <param name="target">The rows of the table, in parentheses, with <see cref="File"/> and <see cref="Position"/>.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public abstract Task StageAsync(string target, CancellationToken cancellationToken);

    /// <summary>SQL for the number of replaced rows among the changes.</summary>
    public virtual string CountOfUpdates => "count(*)";

    /// <summary>The column of <see cref="Changes"/> that holds the new value of the table's column at a place.</summary>
    public static string Value(int column) => string.Create(CultureInfo.InvariantCulture, $"__{column}");
}

/// <summary>What happens to a row.</summary>
internal enum ChangeKind
{
    /// <summary>It is new.</summary>
    Insert = 1,

    /// <summary>It is replaced.</summary>
    Update = 2,

    /// <summary>It goes.</summary>
    Delete = 3,
}
