namespace Latchkey.Server.SignIn.Factors;

/// <summary>Of whom the organisation asks a second factor (J-46, J-75). Whoever has a role is always asked.</summary>
/// <param name="Everybody">Of all users.</param>
/// <param name="EnrolmentDays">How long somebody of whom one is newly asked may sign in without, 1 to 365.</param>
/// <param name="Groups">Of the members of these groups.</param>
/// <param name="Applications">Before these applications are opened, whoever opens them.</param>
internal sealed record FactorRules(
    bool Everybody,
    int EnrolmentDays,
    IReadOnlyList<Guid> Groups,
    IReadOnlyList<Guid> Applications
)
{
    public const int LongestEnrolment = 365;

    public static FactorRules Default { get; } = new(false, 7, [], []);
}
