using System.Security.Cryptography;
using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Server.SingleSignOn;

namespace Latchkey.Server.Tests.Storage;

/// <summary>Rows with what must be there, for tests that care about something else.</summary>
internal static class Rows
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static User User(string username = "ada") =>
        new()
        {
            Username = username,
            NormalizedUsername = username.ToUpperInvariant(),
            Email = $"{username}@example.test",
            SecurityStamp = "stamp",
            CreatedAt = Now,
            UpdatedAt = Now,
        };

    public static Group Group(string name = "Engineering") =>
        new()
        {
            Name = name,
            NormalizedName = name.ToUpperInvariant(),
            CreatedAt = Now,
            UpdatedAt = Now,
        };

    public static Application Application(string slug = "wiki") =>
        new()
        {
            Slug = slug,
            Label = slug,
            IdpEntityId = $"https://id.example.test/saml2/{slug}",
            SpEntityId = $"https://{slug}.example.test/saml2/metadata",
            CreatedAt = Now,
            UpdatedAt = Now,
        };

    public static Session Session(User user) =>
        new()
        {
            TokenHash = RandomNumberGenerator.GetBytes(32),
            UserId = user.Id,
            SecurityStamp = user.SecurityStamp,
            AuthnInstant = Now,
            Methods = AuthnMethods.Password,
            CreatedAt = Now,
            ExpiresAt = Now.AddHours(12),
            LastSeenAt = Now,
            IdleSeconds = 7200,
        };

    public static SessionParticipant Participant(Session session, Application application) =>
        new()
        {
            SessionId = session.Id,
            ApplicationId = application.Id,
            SpEntityId = application.SpEntityId,
            SessionIndex = Guid.NewGuid().ToString("N"),
            NameId = "ada@example.test",
            NameIdFormat = null,
            CreatedAt = Now,
        };

    public static AnsweredRequest Answered(Application application, string id = "_1") =>
        new()
        {
            ApplicationId = application.Id,
            RequestId = id,
            ExpiresAt = Now.AddMinutes(10),
        };

    public static Event Event(string type = EventTypes.SsoAuth) =>
        new()
        {
            At = Now,
            Type = type,
            Success = true,
        };
}
