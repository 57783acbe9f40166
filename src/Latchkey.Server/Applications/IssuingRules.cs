using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Server.Certificates;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn;

namespace Latchkey.Server.Applications;

/// <summary>The rules for how assertions are made: signatures, encryption, times, authentication context.</summary>
internal static class IssuingRules
{
    public const int MaxClockSkewSeconds = 600;
    public const int MinAssertionLifetimeSeconds = 30;
    public const int MaxAssertionLifetimeSeconds = 3600;

    /// <summary>A week.</summary>
    public const int MaxSessionLifetimeMinutes = 7 * 24 * 60;

    public const int MaxMappings = 20;

    public static void Fill(
        Application application,
        ApplicationInput input,
        bool creating,
        List<Problem> problems
    )
    {
        application.Sign = input.Sign ?? application.Sign;
        application.SignatureAlgorithm = input.SignatureAlgorithm ?? application.SignatureAlgorithm;
        application.AnswerFailures = input.AnswerFailures ?? application.AnswerFailures;
        Encryption(application, input, creating, problems);
        Times(application, input, problems);
        Context(application, input, problems);
        Demands(application, input, problems);
    }

    private static void Encryption(
        Application application,
        ApplicationInput input,
        bool creating,
        List<Problem> problems
    )
    {
        application.ContentEncryption = input.ContentEncryption ?? application.ContentEncryption;
        application.KeyEncryption = input.KeyEncryption ?? application.KeyEncryption;
        // A service provider that publishes a key wants it used.
        application.EncryptAssertions =
            input.EncryptAssertions
            ?? (
                creating
                    ? application.SpEncryptionCertificates.Count > 0
                    : application.EncryptAssertions
            );
        if (!application.EncryptAssertions)
        {
            return;
        }
        if (
            !application.SpEncryptionCertificates.Any(CertificateText.IsForEncryption)
            && !problems.Exists(p => p.Where.StartsWith("sp_encryption", StringComparison.Ordinal))
        )
        {
            problems.Add(new Problem("encryption-without-certificate", "encrypt_assertions"));
        }
        // Rule E2: CBC is open to whoever may change the ciphertext, unless a signature covers it.
        if (
            application.Sign == SignedParts.Assertion
            && application.ContentEncryption
                is ContentEncryption.Aes128Cbc
                    or ContentEncryption.Aes256Cbc
        )
        {
            problems.Add(new Problem("encryption-cbc-unsigned", "content_encryption"));
        }
    }

    private static void Times(
        Application application,
        ApplicationInput input,
        List<Problem> problems
    )
    {
        application.ClockSkewSeconds = input.ClockSkewSeconds ?? application.ClockSkewSeconds;
        if (application.ClockSkewSeconds is < 0 or > MaxClockSkewSeconds)
        {
            problems.Add(
                new Problem(
                    "clock-skew-range",
                    "clock_skew",
                    application.ClockSkewSeconds,
                    MaxClockSkewSeconds
                )
            );
        }
        application.AssertionLifetimeSeconds =
            input.AssertionLifetimeSeconds ?? application.AssertionLifetimeSeconds;
        if (
            application.AssertionLifetimeSeconds
            is < MinAssertionLifetimeSeconds
                or > MaxAssertionLifetimeSeconds
        )
        {
            problems.Add(
                new Problem(
                    "assertion-lifetime-range",
                    "assertion_lifetime",
                    application.AssertionLifetimeSeconds,
                    MinAssertionLifetimeSeconds,
                    MaxAssertionLifetimeSeconds
                )
            );
        }
        if (input.SessionLifetimeMinutes is { } minutes)
        {
            application.SessionLifetimeMinutes =
                minutes == ApplicationInput.NoSessionLifetime ? null : minutes;
            if (application.SessionLifetimeMinutes is < 0 or > MaxSessionLifetimeMinutes)
            {
                problems.Add(
                    new Problem(
                        "session-lifetime-range",
                        "session_lifetime",
                        minutes,
                        MaxSessionLifetimeMinutes
                    )
                );
            }
        }
    }

    private static void Context(
        Application application,
        ApplicationInput input,
        List<Problem> problems
    )
    {
        application.AuthnContext = input.AuthnContext ?? application.AuthnContext;
        var context = application.AuthnContext;
        if (context.Always is not null && !AttributeRules.IsUri(context.Always))
        {
            problems.Add(
                new Problem("authn-context-not-uri", "authn_context.always", context.Always)
            );
        }
        var mappings = context.Mappings ?? [];
        if (mappings.Count > MaxMappings)
        {
            problems.Add(
                new Problem("authn-context-too-many", "authn_context.mappings", MaxMappings)
            );
            return;
        }
        for (var i = 0; i < mappings.Count; i++)
        {
            var where = $"authn_context.mappings[{i}]";
            if (!AuthnMethods.All.Contains(mappings[i].Method))
            {
                problems.Add(
                    new Problem(
                        "authn-method-unknown",
                        where + ".method",
                        mappings[i].Method,
                        string.Join(", ", AuthnMethods.All)
                    )
                );
            }
            if (!AttributeRules.IsUri(mappings[i].ClassRef))
            {
                problems.Add(
                    new Problem("authn-context-not-uri", where + ".class", mappings[i].ClassRef)
                );
            }
        }
    }

    private static void Demands(
        Application application,
        ApplicationInput input,
        List<Problem> problems
    )
    {
        application.WantAssertionsSigned =
            input.WantAssertionsSigned ?? application.WantAssertionsSigned;
        application.RequiredAttributes =
            input.RequiredAttributes?.Distinct(StringComparer.Ordinal).ToList()
            ?? application.RequiredAttributes;
        if (
            application.RequiredAttributes.Count > AttributeRules.MaxAttributes
            || application.RequiredAttributes.Any(n =>
                n.Length is 0 or > AttributeRules.MaxName || n.Any(char.IsControl)
            )
        )
        {
            problems.Add(
                new Problem(
                    "required-attributes-invalid",
                    "required_attributes",
                    AttributeRules.MaxAttributes
                )
            );
        }
    }
}
