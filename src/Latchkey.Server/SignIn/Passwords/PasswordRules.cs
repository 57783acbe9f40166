namespace Latchkey.Server.SignIn.Passwords;

/// <summary>What a policy asks of passwords and of those who guess them (J-68 to J-70).</summary>
internal sealed record PasswordRules
{
    public const int ShortestMinLength = 8;
    public const int LongestMinLength = 128;
    public const int LongestHistory = 24;
    public const int LongestDays = 3650;
    public const int MostTries = 100;
    public const int LongestMinutes = 24 * 60;

    /// <summary>Whatever the policy: longer ones are a burden and no gain.</summary>
    public const int MaxLength = 512;

    /// <summary>The least number of characters. Length does more against guessing than kinds of characters.</summary>
    public int MinLength { get; init; } = 12;

    public bool NeedsLower { get; init; }
    public bool NeedsUpper { get; init; }
    public bool NeedsNumber { get; init; }
    public bool NeedsSymbol { get; init; }

    /// <summary>Whether the user's own name or address may stand in it.</summary>
    public bool MayContainName { get; init; }

    /// <summary>Whether it must not be one of the commonest, also with a few characters added.</summary>
    public bool RefusesCommon { get; init; } = true;

    /// <summary>Whether 1234, qwerty and aaaa count for no more than a character or two of its length.</summary>
    public bool RefusesSequences { get; init; } = true;

    /// <summary>How many passwords, counted back from the present one, must not come again; 0 for none.</summary>
    public int History { get; init; } = 1;

    /// <summary>How long after a change users may not change it again themselves; 0 for at once.</summary>
    public int MinAgeHours { get; init; }

    /// <summary>After how many days it has to be changed; 0 for never.</summary>
    public int ExpiryDays { get; init; }

    /// <summary>How many days before that the user is told by mail and on the page.</summary>
    public int WarnDays { get; init; } = 14;

    /// <summary>How many days before that it has to be changed on the way in already.</summary>
    public int ForceDays { get; init; }

    /// <summary>For how many days after that it still serves to choose a new one on the way in; 0 for without end.</summary>
    public int GraceDays { get; init; }

    /// <summary>Older passwords count as set at this moment, so that a new rule does not send everybody to change theirs at once.</summary>
    public DateTimeOffset? CountFrom { get; init; }

    /// <summary>After how many wrong passwords in a row no more are looked at for a while.</summary>
    public int MaxTries { get; init; } = 5;

    public int LockoutMinutes { get; init; } = 5;

    /// <summary>After how many minutes without a wrong password the earlier ones are forgotten.</summary>
    public int ResetTriesMinutes { get; init; } = 15;

    /// <summary>
    /// Whether wrong passwords from one address lock the account everywhere. Otherwise they lock it for that address,
    /// and everywhere only when they come from several; browsers the user has signed in from before count apart in either case.
    /// </summary>
    public bool LocksEverywhere { get; init; }
}

/// <summary>Sets of rules to begin with (J-72). Nothing remembers which was chosen.</summary>
internal static class PasswordPresets
{
    public static IReadOnlyList<string> Names { get; } = ["recommended", "pci", "windows"];

    public static PasswordRules Of(string? name) =>
        name switch
        {
            // PCI DSS 4.0.1, requirements 8.3.4 (ten tries, thirty minutes), 8.3.6 (length and kinds), 8.3.7 (four earlier ones), 8.3.9 (ninety days).
            "pci" => new()
            {
                NeedsLower = true,
                NeedsNumber = true,
                History = 4,
                ExpiryDays = 90,
                MaxTries = 10,
                LockoutMinutes = 30,
                ResetTriesMinutes = 30,
                LocksEverywhere = true,
            },
            // As a Windows domain with "Password must meet complexity requirements" and the values of Microsoft's security baseline.
            "windows" => new()
            {
                MinLength = 14,
                NeedsLower = true,
                NeedsUpper = true,
                NeedsNumber = true,
                History = 24,
                MinAgeHours = 24,
                MaxTries = 10,
                LockoutMinutes = 10,
                ResetTriesMinutes = 10,
                LocksEverywhere = true,
            },
            _ => new(),
        };
}
