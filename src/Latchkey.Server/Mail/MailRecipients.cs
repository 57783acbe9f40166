using System.Globalization;
using System.Net.Mail;

namespace Latchkey.Server.Mail;

/// <summary>Addresses as a mail server takes them. The directory takes more: whatever stands around an @.</summary>
internal static class MailRecipients
{
    /// <summary>The address with its domain in ASCII, or null if no mail can go there.</summary>
    public static string? Deliverable(string address)
    {
        if (
            !MailAddress.TryCreate(address, out var parsed)
            || parsed.Address != address
            || address.Length > 254
            || address.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>')
        )
        {
            return null;
        }
        try
        {
            return $"{parsed.User}@{new IdnMapping().GetAscii(parsed.Host)}";
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
