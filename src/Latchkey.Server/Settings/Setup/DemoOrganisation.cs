using System.Security.Cryptography;
using System.Text;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Settings.Setup;

/// <summary>Three users, two groups and the sample application, to look at something real on the first day. Made once, in an empty database.</summary>
internal sealed class DemoOrganisation(
    IDbContextFactory<LatchkeyDbContext> databases,
    UserService users,
    GroupService groups,
    GroupMembers members,
    ApplicationService applications,
    EventRecorder events,
    ServerOptions options,
    TimeProvider time
)
{
    /// <summary>In the data folder: the sample application's key and certificate, PEM.</summary>
    private const string SampleKeyFile = "sample-application.pem";

    /// <summary>The user names with their passwords, which exist nowhere else; null if there was somebody already.</summary>
    public async Task<IReadOnlyList<(string Username, string Password)>?> CreateAsync(
        CancellationToken cancellationToken
    )
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        if (await database.Users.AnyAsync(cancellationToken))
        {
            return null;
        }
        events.Actor = new EventActor(null, "LATCHKEY_DEMO");
        var ada = await UserAsync("ada", "Ada", "Lovelace", "Analyst", Role.Owner);
        var grace = await UserAsync("grace", "Grace", "Hopper", "Rear admiral");
        var alan = await UserAsync("alan", "Alan", "Turing", "Fellow");
        var engineering = await GroupAsync("Engineering", ada.Id, grace.Id);
        await GroupAsync("Research", alan.Id);
        if (options.DemoApplication is { } address)
        {
            await SampleAsync(address.AbsoluteUri.TrimEnd('/'), engineering);
        }
        return [("ada", ada.Password), ("grace", grace.Password), ("alan", alan.Password)];
    }

    private async Task<(Guid Id, string Password)> UserAsync(
        string username,
        string firstName,
        string lastName,
        string jobTitle,
        Role? role = null
    )
    {
        var password = NewPassword();
        var user = Made(
            await users.CreateAsync(
                new UserInput
                {
                    Username = username,
                    Email = $"{username}@example.test",
                    FirstName = firstName,
                    LastName = lastName,
                    DisplayName = $"{firstName} {lastName}",
                    JobTitle = jobTitle,
                    Password = password,
                    Role = role,
                }
            )
        );
        return (user.Id, password);
    }

    private async Task<Guid> GroupAsync(string name, params Guid[] users)
    {
        var group = Made(await groups.CreateAsync(new GroupInput { Name = name }));
        Made(await members.SetAsync(group.Id, users));
        return group.Id;
    }

    private async Task SampleAsync(string address, Guid group) =>
        Made(
            await applications.CreateAsync(
                new ApplicationInput
                {
                    Slug = "sample",
                    Label = "Sample application",
                    SpEntityId = $"{address}/saml2/metadata",
                    AcsEndpoints = ApplicationInput.AcsFrom([$"{address}/signin-saml2"]),
                    SloEndpoints = [new(SamlBindings.Redirect, $"{address}/signout-saml2")],
                    SpSigningCertificates = [SampleCertificate()],
                    Attributes =
                    [
                        new("email", AttributeKind.User, "email"),
                        new("name", AttributeKind.User, "displayname"),
                        new("firstname", AttributeKind.User, "firstname"),
                        new("lastname", AttributeKind.User, "lastname"),
                        new("groups", AttributeKind.Groups),
                    ],
                    GroupIds = [group],
                    Active = true,
                }
            )
        );

    /// <summary>Makes the key that the sample application signs its logout messages with, and leaves it in a file for it.</summary>
    /// <returns>The certificate, PEM.</returns>
    private string SampleCertificate()
    {
        var now = time.GetUtcNow();
        using var key = SigningKey.Create("Sample application", now.AddDays(-1), now.AddYears(10));
        var file = Path.Combine(options.DataFolder, SampleKeyFile);
        File.Delete(file);
        PrivateFile.Create(
            file,
            Encoding.ASCII.GetBytes(
                PemEncoding.WriteString("PRIVATE KEY", key.ExportPkcs8())
                    + "\n"
                    + key.Certificate.ExportCertificatePem()
                    + "\n"
            )
        );
        return key.Certificate.ExportCertificatePem();
    }

    /// <summary>What is made here obeys the rules; anything else is a fault of the program.</summary>
    private static T Made<T>(Outcome<T> outcome)
        where T : class =>
        outcome.Value
        ?? throw new InvalidOperationException(
            $"The demo organisation was refused: {string.Join(", ", outcome.Problems)}"
        );

    private static string NewPassword() =>
        string.Join(
            '-',
            RandomNumberGenerator
                .GetString("abcdefghjkmnpqrstuvwxyz23456789", 16)
                .Chunk(4)
                .Select(part => new string(part))
        );
}
