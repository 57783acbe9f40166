using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Problems;

/// <summary>Shows on a page what a service refused.</summary>
internal static class PageProblems
{
    /// <summary>
    /// Puts each problem beside its field: <c>acs_urls[1]</c> goes to <c>Input.AcsUrls[1]</c>. A problem without a
    /// place stands in the summary alone.
    /// </summary>
    /// <param name="page">The page that comes back to the user.</param>
    /// <param name="problems">What the service said.</param>
    /// <param name="prefix">The bound property that holds the fields.</param>
    public static void AddProblems(
        this PageModel page,
        IEnumerable<Problem> problems,
        string prefix = "Input"
    )
    {
        var texts = page.HttpContext.RequestServices.GetRequiredService<ITexts>();
        foreach (var problem in problems)
        {
            page.ModelState.AddModelError(
                problem.Where.Length == 0 ? "" : Key(prefix, problem.Where),
                texts.Say(problem)
            );
        }
    }

    /// <summary>The sentence of a problem.</summary>
    public static string Say(this ITexts texts, Problem problem) =>
        texts[$"problem.{problem.Code}", problem.Args];

    /// <summary>Keys of a form are compared without regard to case, so the underscores are the only difference.</summary>
    private static string Key(string prefix, string where) =>
        $"{prefix}.{where.Replace("_", "", StringComparison.Ordinal)}";
}
