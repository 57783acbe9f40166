using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Sessions;

namespace Latchkey.Server.Api.Settings;

/// <summary>How long sessions last and what browsers may keep (J-48).</summary>
internal sealed record SessionSettingsBody(
    int IdleMinutes,
    int LifetimeHours,
    bool KeepsCookie,
    int RememberDays,
    bool TellsNewBrowsers
);

internal sealed class SessionsPart(SessionSettingsService settings)
    : SettingsPart<SessionSettingsBody>("setting", "sessions")
{
    protected override async Task<SessionSettingsBody?> FindAsync(CancellationToken ct)
    {
        var now = await settings.ReadAsync(ct);
        return new(
            now.IdleMinutes,
            now.LifetimeHours,
            now.KeepsCookie,
            now.RememberDays,
            now.TellsNewBrowsers
        );
    }

    protected override SessionSettingsBody Over(
        SessionSettingsBody? now,
        Section said,
        MetadataFiles files
    ) =>
        new(
            said.Number("idle_minutes") ?? now!.IdleMinutes,
            said.Number("lifetime_hours") ?? now!.LifetimeHours,
            said.Flag("keeps_cookie") ?? now!.KeepsCookie,
            said.Number("remember_days") ?? now!.RememberDays,
            said.Flag("tells_new_browsers") ?? now!.TellsNewBrowsers
        );

    protected override async Task<IReadOnlyList<Problem>> SaveAsync(
        SessionSettingsBody? now,
        SessionSettingsBody after,
        CancellationToken ct
    ) =>
        (
            await settings.SaveAsync(
                new(
                    after.IdleMinutes,
                    after.LifetimeHours,
                    after.KeepsCookie,
                    after.RememberDays,
                    after.TellsNewBrowsers
                ),
                ct
            )
        ).Problems;
}
