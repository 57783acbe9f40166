using System.Globalization;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Applications.Pages;

/// <summary>One row of "a sign-in by this is called that" (J-25).</summary>
internal sealed class ContextRow
{
    public string? Method { get; set; }
    public string? ClassRef { get; set; }
}

/// <content>How assertions are made: encryption, times, authentication context, failures.</content>
internal sealed partial class ApplicationForm
{
    /// <summary>SessionNotOnOrAfter is not sent.</summary>
    public const string NoSessionEnd = "none";

    /// <summary>SessionNotOnOrAfter is the end of the session here.</summary>
    public const string SessionEndHere = "session";

    /// <summary>SessionNotOnOrAfter comes <see cref="SessionMinutes"/> after the sign-in.</summary>
    public const string SessionEndMinutes = "custom";

    public string? EncryptionCertificates { get; set; }
    public bool EncryptAssertions { get; set; }
    public string? ContentEncryption { get; set; } = ApplicationWords.ContentEncryption.All[0];
    public string? KeyEncryption { get; set; } = ApplicationWords.KeyEncryption.All[0];

    /// <summary>Seconds, as typed.</summary>
    public string? ClockSkew { get; set; } = "180";

    /// <summary>Seconds, as typed.</summary>
    public string? AssertionLifetime { get; set; } = "300";

    public string? SessionEnd { get; set; } = NoSessionEnd;

    /// <summary>As typed; counts where <see cref="SessionEnd"/> says minutes.</summary>
    public string? SessionMinutes { get; set; }

    /// <summary>A class to state always, <see cref="AttributeRow.Custom"/> for that in <see cref="ContextCustom"/>, or empty to go by what the user did.</summary>
    public string? Context { get; set; }

    public string? ContextCustom { get; set; }
    public List<ContextRow> Contexts { get; set; } = [];
    public bool AnswerFailures { get; set; }

    /// <summary>Numbers that are none, under the API's names: they would count as not said.</summary>
    public IEnumerable<Problem> NumberFaults()
    {
        (string? Text, string Where)[] numbers =
        [
            (ClockSkew, "clock_skew"),
            (AssertionLifetime, "assertion_lifetime"),
            (SessionEnd == SessionEndMinutes ? SessionMinutes ?? "" : null, "session_lifetime"),
        ];
        return numbers
            .Where(n => n.Text is not null && Number(n.Text) is null)
            .Select(n => new Problem("number-unreadable", n.Where, n.Text!));
    }

    private ApplicationInput WithIssuing(ApplicationInput input) =>
        input with
        {
            SpEncryptionCertificates = Texts(EncryptionCertificates),
            EncryptAssertions = EncryptAssertions,
            ContentEncryption = ApplicationWords.ContentEncryption.Parse(ContentEncryption),
            KeyEncryption = ApplicationWords.KeyEncryption.Parse(KeyEncryption),
            ClockSkewSeconds = Number(ClockSkew),
            AssertionLifetimeSeconds = Number(AssertionLifetime),
            SessionLifetimeMinutes = SessionEnd switch
            {
                NoSessionEnd => ApplicationInput.NoSessionLifetime,
                SessionEndHere => 0,
                SessionEndMinutes => Number(SessionMinutes),
                _ => (int?)null,
            },
            AuthnContext = new AuthnContextSettings(
                Context switch
                {
                    null or "" => null,
                    AttributeRow.Custom => ContextCustom?.Trim() ?? "",
                    var known => known,
                },
                Contexts.Count == 0
                    ? null
                    :
                    [
                        .. Contexts.Select(row => new AuthnContextMapping(
                            row.Method ?? "",
                            row.ClassRef?.Trim() ?? ""
                        )),
                    ]
            ),
            AnswerFailures = AnswerFailures,
        };

    private void ReadIssuing(Application application)
    {
        EncryptionCertificates = Pem(application.SpEncryptionCertificates);
        EncryptAssertions = application.EncryptAssertions;
        ContentEncryption = ApplicationWords.ContentEncryption.Of(application.ContentEncryption);
        KeyEncryption = ApplicationWords.KeyEncryption.Of(application.KeyEncryption);
        ClockSkew = Text(application.ClockSkewSeconds);
        AssertionLifetime = Text(application.AssertionLifetimeSeconds);
        (SessionEnd, SessionMinutes) = application.SessionLifetimeMinutes switch
        {
            null => (NoSessionEnd, null),
            0 => (SessionEndHere, null),
            { } minutes => (SessionEndMinutes, Text(minutes)),
        };
        var always = application.AuthnContext.Always;
        (Context, ContextCustom) =
            always is null ? ("", null)
            : FormLists.KnownContexts.Contains(always) ? (always, null)
            : (AttributeRow.Custom, always);
        AnswerFailures = application.AnswerFailures;
        Contexts =
        [
            .. (application.AuthnContext.Mappings ?? []).Select(m => new ContextRow
            {
                Method = m.Method,
                ClassRef = m.ClassRef,
            }),
        ];
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
