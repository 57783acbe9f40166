namespace Latchkey.Server.SignIn.Factors;

/// <summary>What was decided for one user about the second factor (J-75, J-76).</summary>
internal sealed class FactorStanding
{
    public required Guid UserId { get; init; }

    /// <summary>Whether this user is asked for one whatever groups and organisation say.</summary>
    public bool Required { get; set; }

    /// <summary>Until when the user may sign in without having set one up; null while no period runs.</summary>
    public DateTimeOffset? EnrolBy { get; set; }

    /// <summary>When the last period began; null where none ever did, or before this was kept.</summary>
    public DateTimeOffset? EnrolFrom { get; set; }

    /// <summary>Until when the user is let in without one; null for no exclusion.</summary>
    public DateTimeOffset? ExcludedUntil { get; set; }
}
