using Latchkey.Web.Texts;

namespace Latchkey.Server.Insights.Causes;

/// <summary>What the causes of failed sign-ins are called, in few words and the reader's language. The whole sentence, with what to do, is at each event.</summary>
internal static class CauseTitles
{
    /// <summary>The title of a finding or a refusal; its code where it has none, as that of a cause that is not told any more.</summary>
    public static string Of(ITexts texts, string code) =>
        texts.Has("cause." + code) ? texts["cause." + code] : code;

    /// <summary>Whether there is more to say than the code.</summary>
    public static bool Has(ITexts texts, string code) => texts.Has("cause." + code);
}
