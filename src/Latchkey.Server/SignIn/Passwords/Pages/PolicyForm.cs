namespace Latchkey.Server.SignIn.Passwords.Pages;

/// <summary>A policy as a form holds it.</summary>
public sealed record PolicyForm
{
    public string? Name { get; set; }
    public IList<Guid> Groups { get; set; } = [];
    public int MinLength { get; set; }
    public bool NeedsLower { get; set; }
    public bool NeedsUpper { get; set; }
    public bool NeedsNumber { get; set; }
    public bool NeedsSymbol { get; set; }
    public bool MayContainName { get; set; }
    public bool RefusesCommon { get; set; }
    public bool RefusesSequences { get; set; }
    public int History { get; set; }
    public int MinAgeHours { get; set; }
    public int ExpiryDays { get; set; }
    public int WarnDays { get; set; }
    public int ForceDays { get; set; }
    public int GraceDays { get; set; }

    /// <summary>A day, as browsers write it.</summary>
    public DateOnly? CountFrom { get; set; }

    public int MaxTries { get; set; }
    public int LockoutMinutes { get; set; }
    public int ResetTriesMinutes { get; set; }
    public bool LocksEverywhere { get; set; }

    /// <summary>The version that was looked at.</summary>
    public long Version { get; set; }

    internal static PolicyForm From(BoundPolicy bound, PasswordRules? preset = null)
    {
        var rules = preset ?? bound.Policy.Rules;
        return new()
        {
            Name = bound.Policy.Name,
            Groups = [.. bound.Groups.Select(g => g.Id)],
            Version = bound.Policy.Version,
            MinLength = rules.MinLength,
            NeedsLower = rules.NeedsLower,
            NeedsUpper = rules.NeedsUpper,
            NeedsNumber = rules.NeedsNumber,
            NeedsSymbol = rules.NeedsSymbol,
            MayContainName = rules.MayContainName,
            RefusesCommon = rules.RefusesCommon,
            RefusesSequences = rules.RefusesSequences,
            History = rules.History,
            MinAgeHours = rules.MinAgeHours,
            ExpiryDays = rules.ExpiryDays,
            WarnDays = rules.WarnDays,
            ForceDays = rules.ForceDays,
            GraceDays = rules.GraceDays,
            CountFrom = Day(rules.CountFrom),
            MaxTries = rules.MaxTries,
            LockoutMinutes = rules.LockoutMinutes,
            ResetTriesMinutes = rules.ResetTriesMinutes,
            LocksEverywhere = rules.LocksEverywhere,
        };
    }

    /// <param name="before">The rules there were: a day that was not touched keeps its hour.</param>
    internal PasswordPolicyInput ToInput(PasswordRules before) =>
        new(
            Name ?? "",
            new()
            {
                MinLength = MinLength,
                NeedsLower = NeedsLower,
                NeedsUpper = NeedsUpper,
                NeedsNumber = NeedsNumber,
                NeedsSymbol = NeedsSymbol,
                MayContainName = MayContainName,
                RefusesCommon = RefusesCommon,
                RefusesSequences = RefusesSequences,
                History = History,
                MinAgeHours = MinAgeHours,
                ExpiryDays = ExpiryDays,
                WarnDays = WarnDays,
                ForceDays = ForceDays,
                GraceDays = GraceDays,
                CountFrom =
                    CountFrom == Day(before.CountFrom) ? before.CountFrom
                    : CountFrom is { } day ? new(day, default, TimeSpan.Zero)
                    : null,
                MaxTries = MaxTries,
                LockoutMinutes = LockoutMinutes,
                ResetTriesMinutes = ResetTriesMinutes,
                LocksEverywhere = LocksEverywhere,
            },
            [.. Groups]
        );

    private static DateOnly? Day(DateTimeOffset? at) =>
        at is { } moment ? DateOnly.FromDateTime(moment.UtcDateTime) : null;
}
