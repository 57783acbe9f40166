using System.Text.Json;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Mail;

/// <summary>Why a mail could not be handed over: a code whose sentence has the key <c>mail.error.{code}</c>, and the values in it. What a server or the system said is among the values, in its own words.</summary>
internal sealed record MailError(string Code, params IReadOnlyList<string> Values)
{
    /// <summary>As it is kept.</summary>
    public string Stored => JsonSerializer.Serialize<string[]>([Code, .. Values]);

    /// <summary>What was kept; null for a sentence of a version that kept sentences.</summary>
    public static MailError? Read(string stored)
    {
        if (!stored.StartsWith('['))
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize<string[]>(stored) is [var code, .. var values]
                ? new MailError(code, values)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string Say(ITexts texts) => texts["mail.error." + Code, [.. Values]];

    /// <summary>For logs of developers; people are told by <see cref="Say"/>.</summary>
    public override string ToString() => $"{Code}: {string.Join("; ", Values)}";
}

internal static class MailErrors
{
    /// <summary>The sentence of an error that was kept.</summary>
    public static string SayMailError(this ITexts texts, string stored) =>
        MailError.Read(stored) is { } error && texts.Has("mail.error." + error.Code)
            ? error.Say(texts)
            : stored;
}
