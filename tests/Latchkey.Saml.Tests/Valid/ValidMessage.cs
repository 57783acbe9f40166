using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Valid;

/// <summary>A message as some real product writes it: a file under <c>Data/valid</c>, how it was made, and what it says.</summary>
/// <param name="File">Where it stands.</param>
/// <param name="What">In what it differs from what we write.</param>
/// <param name="Make">Makes the message anew.</param>
internal sealed record ValidMessage(string File, string What, Func<string> Make)
{
    /// <summary>
    /// The sample without the carriage return in a value, which SignedXml, the signer of most of these messages, loses;
    /// escaped-controls.xml has it.
    /// </summary>
    public static ResponseToIssue Sample { get; } =
        SampleResponses.Ada with
        {
            Assertion = SampleResponses.Ada.Assertion with
            {
                Attributes =
                [
                    .. SampleResponses.Ada.Assertion.Attributes.Select(attribute =>
                        attribute with
                        {
                            Values =
                            [
                                .. attribute.Values.Select(value =>
                                    value.Replace("\r", "", StringComparison.Ordinal)
                                ),
                            ],
                        }
                    ),
                ],
            },
        };

    private static readonly AssertionToIssue Ada = Sample.Assertion;

    /// <summary>What the service provider expects.</summary>
    public Func<ResponseRules> Rules { get; init; } = () => ReceivedResponses.Rules;

    /// <summary>Whom it names.</summary>
    public NameId? NameId { get; init; } = Ada.NameId;

    /// <summary>What it says of them.</summary>
    public (string Name, string[] Values)[] Attributes { get; init; } =
    [.. Ada.Attributes.Select(attribute => (attribute.Name, attribute.Values.ToArray()))];

    /// <summary>The session.</summary>
    public string? SessionIndex { get; init; } = Ada.SessionIndex;

    /// <summary>Until when it can be used.</summary>
    public DateTimeOffset NotOnOrAfter { get; init; } = Ada.NotOnOrAfter;

    /// <summary>How they signed in.</summary>
    public string? AuthnContextClassRef { get; init; } = Ada.AuthnContextClassRef;

    /// <summary>The kept message.</summary>
    public byte[] Message => TestData.Bytes("valid/" + File);

    /// <summary>The message before the validator.</summary>
    public Verdict<VerifiedAssertion> Judge() =>
        ResponseValidator.Validate(Convert.ToBase64String(Message), Rules());

    /// <summary>The sample as we write it.</summary>
    public static string Written(
        SignedParts parts,
        SignatureAlgorithm algorithm = SignatureAlgorithm.RsaSha256,
        Func<AssertionToIssue, AssertionToIssue>? change = null
    ) =>
        Encoding.UTF8.GetString(
            ResponseWriter.Write(
                Sample with
                {
                    Assertion = change is null ? Ada : change(Ada),
                },
                TestKeys.IdentityProvider,
                parts,
                algorithm
            )
        );

    /// <summary>The sample without a signature.</summary>
    public static string Unsigned { get; } =
        ReceivedResponses.Unsigned.Replace("&#xD;", "", StringComparison.Ordinal);

    /// <summary>The attributes with the values of one replaced, or with one more.</summary>
    public static (string Name, string[] Values)[] With(string name, params string[] values)
    {
        (string Name, string[] Values)[] ada =
        [
            .. Ada.Attributes.Select(attribute => (attribute.Name, attribute.Values.ToArray())),
        ];
        return ada.Any(attribute => attribute.Name == name)
            ? [.. ada.Select(attribute => attribute.Name == name ? (name, values) : attribute)]
            : [.. ada, (name, values)];
    }
}
