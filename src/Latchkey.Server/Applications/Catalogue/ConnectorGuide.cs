namespace Latchkey.Server.Applications.Catalogue;

/// <param name="Form">What is pasted or uploaded at the other side.</param>
/// <param name="Label">What the field is called there.</param>
internal sealed record ConnectorCertificate(CertificateForm Form, string? Label);

/// <summary>The form in which a service provider takes our certificate (S0-15, K-07).</summary>
internal enum CertificateForm
{
    /// <summary>Nobody has written it down; PEM is the likeliest.</summary>
    Unknown,

    /// <summary>With the BEGIN and END lines.</summary>
    Pem,

    /// <summary>The base64 between those lines, in one line.</summary>
    Base64,

    /// <summary>The whole PEM text, lines included, once more in base64.</summary>
    Base64OfPem,

    /// <summary>The SHA-1 fingerprint.</summary>
    Sha1,

    /// <summary>The SHA-256 fingerprint.</summary>
    Sha256,

    /// <summary>Not asked for: it is read from our metadata.</summary>
    Metadata,
}

/// <summary>What has to be done at the service provider. Texts may hold <c>**bold**</c>, <c>`code`</c> and <c>[[text-key]]</c> for the words of our own pages.</summary>
internal sealed record ConnectorGuide
{
    public required GuideBasis Basis { get; init; }

    /// <summary>What to have or to know before the first step.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>At least one.</summary>
    public required IReadOnlyList<GuideStep> Steps { get; init; }

    /// <summary>Worth knowing afterwards.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public IReadOnlyList<KnownError> Errors { get; init; } = [];
}

/// <summary>What the steps rest on.</summary>
internal enum GuideBasis
{
    /// <summary>The vendor's or a current guide names these settings.</summary>
    Documented,

    /// <summary>Only older guides are known: menus may have moved.</summary>
    OlderGuides,

    /// <summary>No guide names the settings; the steps say what every service provider must be given.</summary>
    General,
}

/// <param name="Text">What to do.</param>
/// <param name="Values">What to enter there.</param>
internal sealed record GuideStep(string Text, IReadOnlyList<GuideValue> Values);

/// <param name="Label">The field at the other side.</param>
/// <param name="Value">A template with copy tokens such as <c>{{sso_url}}</c>, or the words to choose.</param>
internal sealed record GuideValue(string Label, string Value);

/// <param name="Text">What the person reads or sees.</param>
internal sealed record KnownError(string Text, string Cause, string Remedy);

/// <param name="Sources">Documents the facts were taken from.</param>
/// <param name="AsOf">The year or month those documents speak of; null if they do not say.</param>
/// <param name="Checked">The day the file was last compared with them.</param>
internal sealed record ConnectorEvidence(
    IReadOnlyList<string> Sources,
    string? AsOf,
    DateOnly Checked
);
