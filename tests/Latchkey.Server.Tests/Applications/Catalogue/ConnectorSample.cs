using System.Text;
using System.Text.RegularExpressions;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Responses;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Catalogue;
using Latchkey.Server.Applications.Mapping;
using Latchkey.Server.Directory;
using Latchkey.Server.SingleSignOn;

namespace Latchkey.Server.Tests.Applications.Catalogue;

/// <summary>
/// An application made of a connector with its examples, and a Response of it for a sample person: put together by the
/// server's own parts, signed, and read by our validator in the place of the service provider.
/// </summary>
internal sealed class ConnectorSample
{
    private static readonly SigningKey s_key = SigningKey.Create(
        "connector tests",
        new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        new DateTimeOffset(2029, 1, 1, 0, 0, 0, TimeSpan.Zero)
    );

    public static IReadOnlyList<string> Groups { get; } = ["Engineering", "Staff"];

    public required Connector Connector { get; init; }

    public required Application Application { get; init; }

    public required Verdict<VerifiedAssertion> Verdict { get; init; }

    /// <summary>The Response as XML.</summary>
    public required string Xml { get; init; }

    public VerifiedAssertion Assertion
    {
        get
        {
            Verdict.Accepted.ShouldBeTrue(string.Join('\n', Verdict.Findings));
            return Verdict.Value!;
        }
    }

    public IReadOnlyList<string> Values(string attribute) =>
        Assertion.Attributes.Where(a => a.Name == attribute).SelectMany(a => a.Values).ToList();

    /// <summary>A person who has something in every field that connectors send.</summary>
    public static void Adjust(User user)
    {
        (user.FirstName, user.LastName, user.DisplayName) = ("Ada", "Lovelace", "Ada Lovelace");
        (user.Department, user.JobTitle, user.Company) = ("Research", "Engineer", "Example");
        (user.EmployeeIdentifier, user.Location) = ($"E-{user.Username}", "London");
        user.Attributes = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["awsRoles"] =
            [
                "arn:aws:iam::123456789012:role/Engineers,arn:aws:iam::123456789012:saml-provider/Latchkey",
                "arn:aws:iam::210987654321:role/Readers,arn:aws:iam::210987654321:saml-provider/Latchkey",
            ],
            ["dayforcename"] = ["ada"],
        };
    }

    public static async Task<ConnectorSample> MakeAsync(TestIdentityProvider host, string slug)
    {
        var connector = ShippedConnectors.Get(slug);
        var filled = ConnectorVariables.Fill(connector, ConnectorVariables.Examples(connector));
        filled.Problems.ShouldBeEmpty();
        var application = await host.AddAsync(filled.Value!);
        var stored = (await host.AskAsync(s => s.FindAsync(application.Id)))!;
        var user = await host.AddUserAsync(Adjust);
        var (form, runtime) = await IssueAsync(host, stored, user);
        return new ConnectorSample
        {
            Connector = connector,
            Application = stored,
            Xml = Encoding.UTF8.GetString(Convert.FromBase64String(form)),
            Verdict = Validate(host, connector, stored, form, runtime),
        };
    }

    private static async Task<(string Form, ApplicationRuntime Runtime)> IssueAsync(
        TestIdentityProvider host,
        Application application,
        User user
    )
    {
        var runtime = new ApplicationRuntime
        {
            Application = application,
            SigningKey = s_key,
            Encryption = null,
            Plan = AttributePlan.Of(application),
            RequestKeys = [],
            Consumers = ApplicationRuntime.ConsumersOf(application),
            Address = "",
            RequiresSecondFactor = false,
        };
        var facts = new UserFacts { User = user, Groups = Groups };
        var nameId = await host.Service<NameIds>()
            .MakeAsync(
                application,
                runtime.Plan,
                facts,
                application.NameIdFormat,
                TestContext.Current.CancellationToken
            );
        var now = host.Clock.GetUtcNow();
        var response = host.Service<ResponseComposer>()
            .Compose(
                runtime,
                AssertionConsumerServices.Default(runtime.Consumers)!,
                null,
                new SaidOfUser(
                    nameId!,
                    AuthnContextClasses.PasswordProtectedTransport,
                    runtime.Plan.Attributes(facts)
                ),
                now,
                now.AddHours(8)
            );
        var form = new System.Buffers.ArrayBufferWriter<byte>();
        ResponseWriter.WriteFormValue(
            response,
            s_key,
            application.Sign,
            runtime.SignatureAlgorithm,
            form
        );
        return (Encoding.ASCII.GetString(form.WrittenSpan), runtime);
    }

    /// <summary>With what the connector says of the service provider, not with what was stored.</summary>
    private static Verdict<VerifiedAssertion> Validate(
        TestIdentityProvider host,
        Connector connector,
        Application application,
        string form,
        ApplicationRuntime runtime
    )
    {
        using var key = VerificationKey.FromCertificate(runtime.SigningKey!.Certificate.RawData);
        var examples = ConnectorVariables.Examples(connector);
        return ResponseValidator.Validate(
            form,
            new ResponseRules
            {
                ServiceProviderEntityId = Filled(connector.ServiceProvider.EntityId, examples),
                AssertionConsumerServiceUrl = Filled(
                    connector.ServiceProvider.AcsUrls[0],
                    examples
                ),
                IdentityProviderEntityId = application.IdpEntityId,
                Keys = [key],
                AllowUnsolicited = true,
                RequiredSignatures = connector.Sign ?? SignedParts.AssertionAndResponse,
                Now = host.Clock.GetUtcNow(),
            }
        );
    }

    /// <summary>Filled by another way than the product's own.</summary>
    private static string Filled(string template, IReadOnlyDictionary<string, string> values) =>
        Regex.Replace(
            template,
            @"\{(\w+)\}",
            match => values[match.Groups[1].Value],
            RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );
}
