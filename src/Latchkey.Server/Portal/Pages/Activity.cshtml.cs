using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Account;
using Latchkey.Server.Storage;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Portal.Pages;

/// <summary>An event about the user, in plain words.</summary>
/// <param name="Browser">Null where it cannot be told, or is somebody else's.</param>
/// <param name="Address">Null where somebody else acted: from where administrators work is not their users' business.</param>
internal sealed record ActivityRow(Event Event, string Text, string? Browser, string? Address);

/// <summary>What users did and what was done to their accounts, told to themselves.</summary>
internal sealed class ActivityModel(
    EventQueries events,
    IDbContextFactory<LatchkeyDbContext> databases,
    ITexts texts
) : PageModel
{
    private const int PageSize = 30;

    /// <summary>What means something to its user; the steps in between are for administrators.</summary>
    private static readonly string[] s_types =
    [
        EventTypes.SsoAuth,
        EventTypes.BookmarkOpen,
        EventTypes.UserLoginAttempt,
        EventTypes.AdminLoginAttempt,
        EventTypes.UserLogout,
        EventTypes.SessionEnd,
        EventTypes.KnownBrowserDelete,
        EventTypes.UserLockout,
        EventTypes.UserUnlocked,
        EventTypes.UserUpdate,
        EventTypes.UserPasswordSet,
        EventTypes.UserPasswordChange,
        EventTypes.UserPasswordResetRequest,
        EventTypes.TotpFinishEnrollment,
        EventTypes.TotpDeleteEnrollment,
        EventTypes.PasskeyCreate,
        EventTypes.PasskeyDelete,
        EventTypes.RecoveryCodesCreate,
        EventTypes.RecoveryCodeUsed,
        EventTypes.UserFactorsReset,
        EventTypes.UserMfaExclusionExpired,
        EventTypes.UserAdminGranted,
        EventTypes.UserAdminRevoked,
    ];

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public IReadOnlyList<ActivityRow> Rows { get; private set; } = [];

    /// <summary>The key of older ones.</summary>
    public string? Older { get; private set; }

    public async Task OnGetAsync()
    {
        var ct = HttpContext.RequestAborted;
        var me = HttpContext.Features.Get<CurrentSession>()!.User.Id;
        var query = new EventQuery { OwnOf = me, Types = s_types };
        var page = await events.ListAsync(query, After, PageSize, ct);
        Older = page.Next;
        var ids = page.Rows.Select(e => e.ApplicationId).OfType<Guid>().Distinct().ToList();
        await using var db = await databases.CreateDbContextAsync(ct);
        var labels = await db
            .Applications.Where(a => ids.Contains(a.Id))
            .ToDictionaryAsync(a => a.Id, a => a.Label, ct);
        Rows = [.. page.Rows.Select(e => Row(e, me, labels))];
    }

    private ActivityRow Row(Event happened, Guid me, Dictionary<Guid, string> labels)
    {
        var key = $"activity.{happened.Type}";
        if (!happened.Success && texts.Has(key + ".failed"))
        {
            key += ".failed";
        }
        else if (happened.ActorId != me && texts.Has(key + ".by-others"))
        {
            key += ".by-others";
        }
        var label = happened.ApplicationId is { } id
            ? labels.GetValueOrDefault(id) ?? happened.TargetName
            : happened.TargetName;
        // A stranger who tried the password is nobody known: from where is what the user wants to see.
        var isOthers = happened.ActorId is { } actor && actor != me;
        return new ActivityRow(
            happened,
            texts[key, label ?? texts["activity.gone"]],
            isOthers ? null : BrowserName.Of(happened.UserAgent),
            isOthers ? null : happened.ClientIp
        );
    }
}
