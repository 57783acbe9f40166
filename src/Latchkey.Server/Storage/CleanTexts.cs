using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Latchkey.Server.Storage;

/// <summary>
/// PostgreSQL takes no text with U+0000 in it. Whoever types one means nothing by it, and whoever sends one wants to see what breaks: it
/// becomes U+FFFD, so that such a name is simply unknown. Npgsql must not hear of it either: a parameter that the server refuses while it
/// prepares a statement leaves the connection unusable for whoever comes next.
/// </summary>
internal sealed class CleanTexts : DbCommandInterceptor
{
    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result
    ) => Clean(command, result);

    public override InterceptionResult<int> NonQueryExecuting(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result
    ) => Clean(command, result);

    public override InterceptionResult<object> ScalarExecuting(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<object> result
    ) => Clean(command, result);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    ) => new(Clean(command, result));

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    ) => new(Clean(command, result));

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<object> result,
        CancellationToken cancellationToken = default
    ) => new(Clean(command, result));

    private static T Clean<T>(DbCommand command, T result)
    {
        foreach (DbParameter parameter in command.Parameters)
        {
            if (parameter.Value is string text && IsUnclean(text))
                parameter.Value = Clean(text);
            else if (parameter.Value is IEnumerable<string?> texts && texts.Any(IsUnclean))
                parameter.Value = texts.Select(Clean).ToArray();
        }
        return result;
    }

    private static bool IsUnclean(string? text) =>
        text?.Contains('\0', StringComparison.Ordinal) == true;

    private static string? Clean(string? text) => text?.Replace('\0', '\uFFFD');
}
