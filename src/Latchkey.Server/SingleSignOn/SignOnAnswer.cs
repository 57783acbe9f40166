namespace Latchkey.Server.SingleSignOn;

/// <summary>How a sign-in to an application goes on.</summary>
internal abstract record SignOnAnswer
{
    private SignOnAnswer() { }

    /// <summary>The person has to prove who they are first.</summary>
    /// <param name="Missing">What: the whole, or of a session that is good but for that, a second factor or the password.</param>
    public sealed record SignInNeeded(StepUp Missing = StepUp.Everything) : SignOnAnswer
    {
        /// <summary>Whether a passkey serves in place of the password.</summary>
        public bool PasskeyServes { get; init; } = true;

        /// <summary>Whether nobody opens the application without a second factor.</summary>
        public bool SecondFactorDemanded { get; init; }
    }

    /// <summary>A Response, with an assertion or an error, goes to the application by the browser.</summary>
    /// <param name="Consumer">The registered address.</param>
    /// <param name="SamlResponse">The form field, base64 in ASCII.</param>
    /// <param name="RelayState">Given back as it came.</param>
    /// <param name="Label">The application's name for people.</param>
    public sealed record Respond(
        string Consumer,
        ReadOnlyMemory<byte> SamlResponse,
        string? RelayState,
        string Label
    ) : SignOnAnswer;

    /// <summary>It ends here, with a page of ours.</summary>
    public sealed record Refused(Refusal Refusal) : SignOnAnswer;
}

/// <summary>What a stranger may know about a refusal: one sentence and a code. The events under the code hold the rest (rule O1).</summary>
/// <param name="Kind">Chooses the sentence.</param>
/// <param name="ReferenceCode">Null where nothing was recorded: nobody knows what it was about.</param>
/// <param name="Label">The application's name for people, when there is one.</param>
internal sealed record Refusal(RefusalKind Kind, string? ReferenceCode, string? Label = null)
{
    public int StatusCode =>
        Kind switch
        {
            RefusalKind.UnknownApplication => StatusCodes.Status404NotFound,
            RefusalKind.Denied
            or RefusalKind.InactiveApplication
            or RefusalKind.FactorEnrolmentOver
            or RefusalKind.PasswordOver => StatusCodes.Status403Forbidden,
            RefusalKind.Misconfigured => StatusCodes.Status500InternalServerError,
            _ => StatusCodes.Status400BadRequest,
        };

    /// <summary>The last part of the keys of its texts.</summary>
    public string TextKey =>
        Kind switch
        {
            RefusalKind.UnknownApplication => "unknown-application",
            RefusalKind.InactiveApplication => "inactive-application",
            RefusalKind.Denied => "denied",
            RefusalKind.TooOld => "too-old",
            RefusalKind.AlreadyAnswered => "already-answered",
            RefusalKind.SignInOver => "sign-in-over",
            RefusalKind.FactorEnrolmentOver => "factor-enrolment-over",
            RefusalKind.PasswordOver => "password-over",
            RefusalKind.Misconfigured => "misconfigured",
            RefusalKind.LogoutRefused => "logout-refused",
            RefusalKind.LogoutRepeated => "logout-repeated",
            RefusalKind.LogoutAnswerRefused => "logout-answer-refused",
            RefusalKind.LogoutOver => "logout-over",
            _ => "request-refused",
        };
}

internal enum RefusalKind
{
    RequestRefused,
    UnknownApplication,
    InactiveApplication,

    /// <summary>Nobody granted the user access (S0-19).</summary>
    Denied,

    TooOld,
    AlreadyAnswered,

    /// <summary>The stored sign-in is not there: it took too long, it was finished before, or it belongs to another browser.</summary>
    SignInOver,

    /// <summary>The time for setting up a second factor is over (J-75).</summary>
    FactorEnrolmentOver,

    /// <summary>The password ended so long ago that it does not even serve to choose a new one (J-69).</summary>
    PasswordOver,

    /// <summary>The request is good; something on our side is missing, such as the value for the NameID.</summary>
    Misconfigured,

    /// <summary>A LogoutRequest that is not to be believed, or means nobody here.</summary>
    LogoutRefused,

    /// <summary>A LogoutRequest that was answered before.</summary>
    LogoutRepeated,

    /// <summary>A LogoutResponse that is not to be believed, or that nobody waits for.</summary>
    LogoutAnswerRefused,

    /// <summary>The stored logout is not there: it took too long, or it belongs to another browser.</summary>
    LogoutOver,
}
