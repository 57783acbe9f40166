using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Sessions;

namespace Latchkey.Server.Api.Sessions;

/// <summary>A browser in which somebody is signed in.</summary>
/// <param name="Methods">How they proved who they are, as in <c>amr</c>, a space between them.</param>
/// <param name="Browser">Such as "Firefox (Windows)"; null when it cannot be told.</param>
/// <param name="Opened">The names of the applications opened in it.</param>
internal sealed record SessionBody(
    Guid Id,
    Guid UserId,
    string Username,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastSeenAt,
    DateTimeOffset ExpiresAt,
    string Methods,
    string? ClientIp,
    string? UserAgent,
    string? Browser,
    IReadOnlyList<string> Opened
)
{
    public static SessionBody Of(OpenSession open) =>
        new(
            open.Session.Id,
            open.User.Id,
            open.User.Username,
            open.Session.CreatedAt,
            open.Session.LastSeenAt,
            open.Session.ExpiresAt,
            string.Join(' ', AuthnMethods.Stated(AuthnMethods.Read(open.Session.Methods))),
            open.Session.ClientIp,
            open.Session.UserAgent,
            open.Browser,
            open.Opened
        );
}

/// <summary>All sessions of one user.</summary>
internal sealed record SessionsBody(IReadOnlyList<SessionBody> Items);
