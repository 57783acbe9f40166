using Microsoft.Playwright;

namespace Latchkey.Browser.Tests;

/// <summary>A page as it would be in a language whose words are two fifths longer.</summary>
internal static class LongerTexts
{
    private const string Measure = """
        () => {
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const texts = [];
          while (walker.nextNode()) {
            const text = walker.currentNode;
            if (text.data.trim() && !text.parentElement.closest("script, style, textarea, code, pre, svg, time, [translate=no]")) {
              texts.push([text, text.data]);
            }
          }
          for (const [text, said] of texts) {
            text.data = said.replace(/\p{L}{3,}/gu, (word) => word + "é".repeat(Math.round(word.length * 0.4)));
          }
          const root = document.documentElement;
          const sideways = root.scrollWidth > root.clientWidth;
          for (const [text, said] of texts) {
            text.data = said;
          }
          return sideways;
        }
        """;

    /// <summary>Whether it is wider than the screen then. Afterwards it is as it was.</summary>
    public static Task<bool> ScrollSidewaysAsync(IPage page) => page.EvaluateAsync<bool>(Measure);
}
