using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Settings;

/// <summary>In which state users begin, for each way of making them (J-61).</summary>
internal sealed record UserSettingsBody(
    [property: WordsOf(typeof(UserSettingsBody), nameof(UserSettingsBody.States))] string ByHand,
    [property: WordsOf(typeof(UserSettingsBody), nameof(UserSettingsBody.States))] string Apply,
    [property: WordsOf(typeof(UserSettingsBody), nameof(UserSettingsBody.States))] string Import
)
{
    public static IReadOnlyList<string> States { get; } = ["activated", "staged"];
}

internal sealed class UsersPart(StartingStates states)
    : SettingsPart<UserSettingsBody>("setting", "users")
{
    protected override async Task<UserSettingsBody?> FindAsync(CancellationToken ct) =>
        new(
            UserChanges.Name(await states.OfAsync(CreationWay.ByHand, ct)),
            UserChanges.Name(await states.OfAsync(CreationWay.Apply, ct)),
            UserChanges.Name(await states.OfAsync(CreationWay.Import, ct))
        );

    protected override UserSettingsBody Over(
        UserSettingsBody? now,
        Section said,
        MetadataFiles files
    ) =>
        new(
            Word(said, "by_hand") ?? now!.ByHand,
            Word(said, "apply") ?? now!.Apply,
            Word(said, "import") ?? now!.Import
        );

    protected override async Task<IReadOnlyList<Problem>> SaveAsync(
        UserSettingsBody? now,
        UserSettingsBody after,
        CancellationToken ct
    )
    {
        await states.SaveAsync(CreationWay.ByHand, State(after.ByHand), ct);
        await states.SaveAsync(CreationWay.Apply, State(after.Apply), ct);
        await states.SaveAsync(CreationWay.Import, State(after.Import), ct);
        return [];
    }

    private static string? Word(Section said, string key) =>
        said.Word<UserState>(key, TryParse, UserSettingsBody.States) is { } state
            ? UserChanges.Name(state)
            : null;

    private static bool TryParse(string? text, out UserState state)
    {
        state = State(text);
        return UserSettingsBody.States.Contains(text);
    }

    private static UserState State(string? name) =>
        name == "staged" ? UserState.Staged : UserState.Activated;
}
