using Npgsql;

namespace Latchkey.Server.Storage;

/// <summary>Tells a database that is not there, or about to go, from all other failures: it passes by itself, and nothing more can be asked of it meanwhile.</summary>
internal static class DatabaseAway
{
    /// <summary>The classes of PostgreSQL's error codes that say so: no connection, no resources, no operator to be had (appendix A of its manual).</summary>
    private static readonly string[] s_classes = ["08", "53", "57"];

    public static bool IsCauseOf(Exception? failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (
                cause is PostgresException said
                    ? s_classes.Contains(said.SqlState[..2])
                    : cause is NpgsqlException { IsTransient: true }
            )
            {
                return true;
            }
        }
        return false;
    }
}
