using System.Globalization;
using Latchkey.Saml.AspNetCore.Pending;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using HttpStatus = Microsoft.AspNetCore.Http.StatusCodes;

namespace Latchkey.Saml.AspNetCore;

/// <content>What the handler writes to the browser itself: metadata, and the page after a refusal.</content>
public sealed partial class Saml2Handler
{
    private async Task WriteMetadataAsync()
    {
        var metadata = MetadataWriter.Write(
            new EntityDescriptor
            {
                EntityId = Options.EntityId!,
                ServiceProvider = new ServiceProviderRole
                {
                    AuthnRequestsSigned = Options.SigningKey is not null,
                    WantAssertionsSigned =
                        Options.RequiredSignatures
                            is Issuing.SignedParts.Assertion
                                or Issuing.SignedParts.AssertionAndResponse,
                    SigningCertificates = Options.SigningKey is { } key
                        ? [key.Certificate.RawData]
                        : [],
                    NameIdFormats = Options.NameIdFormat is { } format ? [format] : [],
                    // Every answer to a LogoutRequest is signed (rule B3).
                    SingleLogoutServices = Options.SigningKey is null
                        ? []
                        :
                        [
                            new(SamlBindings.Redirect, LogoutUrl),
                            new(SamlBindings.Post, LogoutUrl),
                        ],
                    AssertionConsumerServices =
                    [
                        new(SamlBindings.Post, AssertionConsumerServiceUrl, 0, IsDefault: true),
                    ],
                },
            }
        );
        Response.ContentType = "application/samlmetadata+xml";
        Response.ContentLength = metadata.Length;
        Response.Headers.XContentTypeOptions = "nosniff";
        if (HttpMethods.IsGet(Request.Method))
        {
            await Response.Body.WriteAsync(metadata, Context.RequestAborted);
        }
    }

    private Task RefuseAsync(Exception failure)
    {
        var reference = ReferenceCode.New();
        Logger.RefusalShown(Scheme.Name, reference, LogText.Of(failure.Message));
        if (failure is Saml2MetadataException)
        {
            Response.Headers.RetryAfter = "10";
            return WriteRefusalAsync(
                HttpStatus.Status503ServiceUnavailable,
                "Sign-in is not available at the moment. Please try again shortly.",
                reference,
                []
            );
        }

        var findings = failure is Saml2ValidationException refusal ? refusal.Findings : [];
        return WriteRefusalAsync(
            HttpStatus.Status400BadRequest,
            Sentence(findings),
            reference,
            findings
        );
    }

    private Task StopLoopAsync(int count, string missing)
    {
        var reference = ReferenceCode.New();
        Logger.LoopStopped(Scheme.Name, count, reference, missing.Length == 0 ? "none" : missing);
        var sentence = string.Create(
            CultureInfo.InvariantCulture,
            $"You were signed in {count} times within a minute, and the application asked again each time."
        );
        return WriteRefusalAsync(
            HttpStatus.Status429TooManyRequests,
            missing.Length == 0
                ? sentence
                : $"{sentence} These attributes did not arrive: {missing}.",
            reference,
            []
        );
    }

    private Task WriteRefusalAsync(
        int status,
        string sentence,
        string reference,
        IReadOnlyList<Finding> findings
    ) =>
        RefusalPage.WriteAsync(
            Context,
            status,
            sentence,
            reference,
            _environment.IsDevelopment() ? findings : []
        );

    // What the user can act on is said; the reasons themselves are for the log.
    private static string Sentence(IReadOnlyList<Finding> findings)
    {
        bool Has(FindingKind kind) => findings.Any(f => f.Kind == kind);

        if (Has(FindingKinds.StatusNotSuccess))
        {
            return "The identity provider did not sign you in.";
        }

        if (findings.FirstOrDefault(f => f.Kind == FindingKinds.AttributeNotSent) is { } missing)
        {
            return $"The identity provider did not send what this application needs: {missing.Expected}.";
        }

        if (Has(FindingKinds.RequestAnswered) || Has(FindingKinds.AssertionReplayed))
        {
            return "This sign-in was finished before. Please start again.";
        }

        return
            Has(FindingKinds.RequestExpired)
            || Has(FindingKinds.ResponseUnsolicited)
            || Has(FindingKinds.InResponseToMismatch)
            ? "This sign-in was not started in this browser, or took too long. Please start again."
            : "The answer of the identity provider was not accepted.";
    }
}
