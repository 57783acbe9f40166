using System.Globalization;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Moments as a declaration file says them: RFC 3339 in UTC, as exactly as they are stored.</summary>
internal static class DeclaredTime
{
    public static string Text(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
