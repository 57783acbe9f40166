using System.Globalization;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Server.SingleSignOn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Applications.Preview.Pages;

/// <summary>Opens the application's real sign-in for the administrator, and shows what was recorded of it.</summary>
internal sealed class TestModel(
    ApplicationService applications,
    AccessQueries access,
    TriedSignIns tests,
    TimeProvider time
) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>When the page was opened, in milliseconds since 1970: what was recorded later is shown.</summary>
    [BindProperty(SupportsGet = true)]
    public long? Since { get; set; }

    public Application Application { get; private set; } = null!;

    public AccessAnswer Access { get; private set; } = null!;

    public IReadOnlyList<TriedSignIn> Tried { get; private set; } = [];

    /// <summary>The address at which the page asks again.</summary>
    public string Again =>
        string.Create(CultureInfo.InvariantCulture, $"/admin/applications/{Id}/test?since={Since}");

    /// <summary>Why it failed, and what to do; null where the event does not say.</summary>
    public static string? Reason(Event happened) =>
        EventDetails.Read(happened.Details).Findings is [{ Title: { } title } finding, ..]
            ? $"{title} {finding.Remedy}"
            : null;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var user = HttpContext.Features.Get<CurrentSession>()!.User;
        if (
            await applications.FindAsync(Id, cancellationToken)
                is not { Kind: ApplicationKind.Saml } application
            || await access.CheckAsync(Id, user.Id, cancellationToken) is not { } answer
        )
        {
            return NotFound();
        }
        (Application, Access) = (application, answer);
        Since ??= time.GetUtcNow().ToUnixTimeMilliseconds();
        Tried = await tests.SinceAsync(
            Id,
            user.Id,
            DateTimeOffset.FromUnixTimeMilliseconds(
                Math.Clamp(Since.Value, 0, time.GetUtcNow().ToUnixTimeMilliseconds())
            ),
            cancellationToken
        );
        return Page();
    }
}
