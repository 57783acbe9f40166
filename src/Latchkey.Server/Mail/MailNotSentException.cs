namespace Latchkey.Server.Mail;

/// <summary>A mail could not be handed over.</summary>
/// <param name="error">For the administrator: what was asked, what the server said.</param>
/// <param name="isFinal">Whether trying this mail again is pointless: the server refused this recipient or this content for good (5xx).</param>
/// <param name="inner">What caused it.</param>
internal sealed class MailNotSentException(
    MailError error,
    bool isFinal = false,
    Exception? inner = null
) : Exception(error.ToString(), inner)
{
    public MailError Error { get; } = error;

    public bool IsFinal { get; } = isFinal;
}
