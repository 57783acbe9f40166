namespace Latchkey.Server.Mail;

/// <summary>A mail could not be handed over. The message is for the administrator: what was asked, what the server said.</summary>
/// <param name="message">One sentence.</param>
/// <param name="isFinal">Whether trying this mail again is pointless: the server refused this recipient or this content for good (5xx).</param>
/// <param name="inner">What caused it.</param>
internal sealed class MailNotSentException(
    string message,
    bool isFinal = false,
    Exception? inner = null
) : Exception(message, inner)
{
    public bool IsFinal { get; } = isFinal;
}
