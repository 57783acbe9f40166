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

    // The first refusal decides; the reasons themselves are for the log.
    private static string Sentence(IReadOnlyList<Finding> findings)
    {
        var first = findings.FirstOrDefault(f => f.Kind.Severity == Severity.Refusal);
        if (first?.Kind == FindingKinds.StatusNotSuccess)
        {
            return "The identity provider did not sign you in.";
        }

        return first?.Kind.Rule switch
        {
            "P1" =>
                "This sign-in was not started in this browser, took too long, or was finished before. Please start again.",
            "P7" => "This sign-in was used before. Please start again.",
            "U-19" =>
                $"The identity provider did not send what this application needs: {first.Expected}.",
            _ => "The answer of the identity provider was not accepted.",
        };
    }
}
