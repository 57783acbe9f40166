using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Server.Applications.Catalogue;
using Latchkey.Server.Applications.Mapping;
using Latchkey.Server.Directory;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Sessions;
using Latchkey.Server.SingleSignOn;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Applications.Preview;

/// <summary>
/// Makes the Response that a sign-in would send, without a sign-in: no session, no event, no pseudonym. It is never one
/// that anybody could use: its key is one of <see cref="PreviewKeys"/>, so that no service provider verifies it with the
/// certificate it was given; and neither signature value nor certificate is shown.
/// </summary>
internal sealed class ResponsePreviews(
    ApplicationRuntimes runtimes,
    AccessQueries access,
    UserFactsReader people,
    NameIds nameIds,
    ResponseComposer composer,
    ConnectorCatalogue catalogue,
    PreviewKeys keys,
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time
)
{
    /// <summary>Stands for a pseudonym that the first sign-in makes.</summary>
    public const string PseudonymToCome = "made-at-the-first-sign-in";

    /// <param name="application">As it is stored.</param>
    /// <param name="user">Of whom it would tell.</param>
    /// <param name="methods">How they would have signed in, see <see cref="AuthnMethods"/>.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null if the application or the user is gone.</returns>
    public async Task<ResponsePreview?> MakeAsync(
        Application application,
        User user,
        IReadOnlyList<string> methods,
        CancellationToken ct
    )
    {
        var runtime = await runtimes.GetAsync(application.Id, application.Version);
        var answer = await access.CheckAsync(application.Id, user.Id, ct);
        if (runtime is null || answer is null)
        {
            return null;
        }
        application = runtime.Application;
        var consumer = AssertionConsumerServices.Default(runtime.Consumers);
        var here = Hindrances(runtime, answer, consumer, methods).ToList();
        var demands = ServiceProviderDemands.Of(
            application,
            consumer ?? application.AcsEndpoints[0],
            catalogue.Find(application.Connector)
        );
        var empty = new ResponsePreview
        {
            User = user,
            Access = answer,
            Demands = demands,
            Here = here,
            There = [],
        };
        if (consumer is null)
        {
            return empty;
        }
        var (said, pending) = await SayAsync(runtime, answer, methods, here, ct);
        return said is null
            ? empty
            : Write(
                runtime,
                consumer,
                said,
                empty with
                {
                    PseudonymPending = pending,
                },
                here,
                await LifetimeAsync(ct)
            );
    }

    private static IEnumerable<Objection> Hindrances(
        ApplicationRuntime runtime,
        AccessAnswer answer,
        IndexedEndpoint? consumer,
        IReadOnlyList<string> methods
    )
    {
        if (!runtime.Application.Active)
        {
            yield return new("preview.inactive", Refuses: true);
        }
        if (!answer.Granted)
        {
            yield return new("preview.no-access", Refuses: true, answer.User.Username);
        }
        else if (!answer.MaySignIn)
        {
            yield return new("preview.suspended", Refuses: true, answer.User.Username);
        }
        if (runtime.EncryptionImpossible)
        {
            yield return Objection.Of(new Finding(SignOnFindings.EncryptionKeyUnusable));
        }
        if (consumer is null)
        {
            yield return Objection.Of(new Finding(FindingKinds.ConsumerServiceNone));
        }
        if (runtime.RequiresSecondFactor && !methods.Contains(AuthnMethods.Several))
        {
            yield return new("preview.second-factor", Refuses: false);
        }
    }

    private async Task<(SaidOfUser? Said, bool Pending)> SayAsync(
        ApplicationRuntime runtime,
        AccessAnswer answer,
        IReadOnlyList<string> methods,
        List<Objection> here,
        CancellationToken ct
    )
    {
        var application = runtime.Application;
        var needs = runtime.Plan.Needs;
        if (application.NameIdFormat == NameIdFormats.Persistent)
        {
            needs |= ExpressionNeeds.Pseudonym;
        }
        var facts = await people.ReadAsync(
            application,
            needs,
            answer.User,
            answer.Through,
            methods,
            forReal: false,
            ct
        );
        var pending = needs.HasFlag(ExpressionNeeds.Pseudonym) && facts.Pseudonym is null;
        if (pending)
        {
            facts = facts with { Pseudonym = PseudonymToCome };
        }
        try
        {
            var nameId = await nameIds.MakeAsync(
                application,
                runtime.Plan,
                facts,
                application.NameIdFormat,
                ct
            );
            if (nameId is not null)
            {
                return (
                    new SaidOfUser(
                        nameId,
                        AuthnContexts.Choose(null, methods, application.AuthnContext)!,
                        runtime.Plan.Attributes(facts)
                    ),
                    pending
                );
            }
            here.Add(
                Objection.Of(new Finding(SignOnFindings.NameIdEmpty, application.NameIdSource))
            );
        }
        catch (AttributeTooCostlyException e)
        {
            here.Add(
                Objection.Of(new Finding(SignOnFindings.AttributeTooCostly, Found: e.Message))
            );
        }
        return (null, pending);
    }

    /// <summary>How long a session would last that began now.</summary>
    private async Task<TimeSpan> LifetimeAsync(CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return (await SessionSettingsService.ReadAsync(database, ct)).Lifetime;
    }

    private ResponsePreview Write(
        ApplicationRuntime runtime,
        IndexedEndpoint consumer,
        SaidOfUser said,
        ResponsePreview preview,
        List<Objection> here,
        TimeSpan sessionLifetime
    )
    {
        var application = runtime.Application;
        var now = time.GetUtcNow();
        var key = keys.Like(runtime.SigningKey);
        var shown = runtime with { SigningKey = key, Encryption = null };
        var response = composer.Compose(shown, consumer, null, said, now, now + sessionLifetime);
        byte[] xml;
        try
        {
            xml = ResponseWriter.Write(response, key, application.Sign, shown.SignatureAlgorithm);
        }
        catch (ArgumentException e)
        {
            here.Add(
                Objection.Of(new Finding(SignOnFindings.CharactersUnwritable, Found: e.Message))
            );
            return preview;
        }
        var assertion = response.Assertion;
        return preview with
        {
            There =
            [
                .. ServiceProviderJudge.Judge(xml, preview.Demands, application, key, now),
                .. preview.Demands.Against(said.NameId, said.Attributes),
            ],
            NameId = said.NameId,
            AuthnContext = said.AuthnContextClassRef,
            Destination = response.Destination,
            Audience = assertion.Audience,
            NotBefore = assertion.NotBefore,
            NotOnOrAfter = assertion.NotOnOrAfter,
            SessionNotOnOrAfter = assertion.SessionNotOnOrAfter,
            Attributes = Table(preview.Demands, said.Attributes),
            Encrypted = application.EncryptAssertions,
            Xml = ShownXml.Of(xml),
        };
    }

    private static List<PreviewAttribute> Table(
        ServiceProviderDemands demands,
        IReadOnlyList<SamlAttribute> sent
    )
    {
        var rows = sent.Select(a => new PreviewAttribute(
                a.Name,
                a.Values,
                demands.Attributes.FirstOrDefault(d => d.Name == a.Name)
            ))
            .ToList();
        rows.AddRange(
            demands
                .Attributes.Where(d => rows.TrueForAll(row => row.Name != d.Name))
                .Select(d => new PreviewAttribute(d.Name, [], d))
        );
        return rows;
    }
}
