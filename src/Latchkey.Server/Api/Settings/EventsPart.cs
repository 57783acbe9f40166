using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Settings;

/// <summary>For how many days events are kept (J-116).</summary>
internal sealed record EventSettingsBody(int Days);

internal sealed class EventsPart(EventRetention retention)
    : SettingsPart<EventSettingsBody>("setting", "events")
{
    protected override async Task<EventSettingsBody?> FindAsync(CancellationToken ct) =>
        new(await retention.ReadAsync(ct));

    protected override EventSettingsBody Over(
        EventSettingsBody? now,
        Section said,
        MetadataFiles files
    ) => new(said.Number("days") ?? now!.Days);

    protected override async Task<IReadOnlyList<Problem>> SaveAsync(
        EventSettingsBody? now,
        EventSettingsBody after,
        CancellationToken ct
    ) => (await retention.SaveAsync(after.Days, ct)).Problems;
}
